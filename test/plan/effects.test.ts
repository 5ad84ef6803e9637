import assert from 'node:assert/strict'
import type {Instance, Listed} from '../../src/model/instance/instance.ts'
import {findEffects} from '../../src/plan/effects.ts'
import {broken, listOf, secondary} from '../values.ts'

const out = secondary('postfix-out', {multi_instance_enable: false})
const into = secondary('postfix-in')
const changed = (changes: Partial<Instance>): Listed[] => [{...out, ...changes}, into]

describe('what an edited text comes to', () => {
  const rows: [what: string, after: Listed[], effects: Record<string, string[]>][] = [
    ['nothing, when the instances are as before', [out, into], {}],
    ['nothing, for settings that are no property of the list', changed({data_directory: '/x'}), {}],
    ['enable', changed({multi_instance_enable: true}), {enable: ['/etc/postfix-out']}],
    ['assign, for another name', changed({multi_instance_name: 'postfix-x'}), {assign: ['/etc/postfix-out']}],
    ['assign, for another group', changed({multi_instance_group: 'x'}), {assign: ['/etc/postfix-out']}],
    [
      'both',
      changed({multi_instance_enable: true, multi_instance_group: 'x'}),
      {enable: ['/etc/postfix-out'], assign: ['/etc/postfix-out']},
    ],
    ['deport', [into], {deport: ['/etc/postfix-out']}],
    ['import', [out, into, secondary('postfix-new')], {import: ['/etc/postfix-new']}],
    ['import, of one that cannot be read', [out, into, broken('/etc/postfix-x')], {import: ['/etc/postfix-x']}],
    ['assign, for another place', [into, out], {assign: ['/etc/postfix-in', '/etc/postfix-out']}],
    ['no other place of those behind one that goes', [into], {deport: ['/etc/postfix-out']}],
  ]
  for (const [what, after, effects] of rows) {
    it(`is ${what}`, () => {
      const found = findEffects(listOf(out, into), listOf(...after))
      assert.deepEqual(Object.fromEntries(found.map(({action, subjects}) => [action, subjects])), effects)
    })
  }

  it('is disable the other way round', () => {
    const enabled = {...out, multi_instance_enable: true}
    assert.deepEqual(findEffects(listOf(enabled), listOf(out)), [{action: 'disable', subjects: ['/etc/postfix-out']}])
  })
})
