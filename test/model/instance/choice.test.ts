/** The instances that a reading command is asked about. */
import assert from 'node:assert/strict'
import {toLines} from '../../../src/model/base/suggestion.ts'
import {choose, chooseOne} from '../../../src/model/instance/choice.ts'
import {refusalOf} from '../../refusal.ts'
import {broken, listOf, secondary} from '../../values.ts'

const out = secondary('postfix-out', {multi_instance_group: 'mta'})
const into = secondary('postfix-in', {multi_instance_group: 'mta'})
const list = listOf(out, into)

describe('choice', () => {
  it('keeps start order, and each one once, whatever the order of the names', () => {
    const {instances} = choose(list, [
      {by: 'name', name: 'in'},
      {by: 'group', group: 'mta'},
    ])
    assert.deepEqual(instances, [out, into])
  })

  it('has what cannot be read beside it, as long as it may be meant', () => {
    const damaged = broken('/etc/postfix-x')
    assert.deepEqual(choose(listOf(out, damaged), [{by: 'name', name: 'x'}]), {instances: [], damaged: [damaged]})
    assert.deepEqual(choose(listOf(out, damaged), [{by: 'name', name: 'out'}]), {instances: [out], damaged: []})
  })

  it('refuses a group that no instance has, and knows what was meant', () => {
    const refusal = refusalOf(() => choose(list, [{by: 'group', group: 'mtx'}]))
    assert.equal(refusal.kind, 'not found')
    assert.deepEqual(refusal.misnamed, {name: 'mtx', nearest: ['mta']})
  })

  it("hints at '-' for whoever asks for the primary by what people call it", () => {
    for (const name of ['primary', 'postfix']) {
      assert.deepEqual(refusalOf(() => chooseOne(list, name)).misnamed, {name, nearest: ['-']})
    }
  })

  it('refuses when one of several names is wrong', () => {
    const names = ['out', 'oot'].map((name) => ({by: 'name', name}) as const)
    assert.deepEqual(refusalOf(() => choose(list, names)).misnamed, {name: 'oot', nearest: ['postfix-out']})
  })

  it('says why the one instance that was asked for cannot be shown', () => {
    const refusal = refusalOf(() => chooseOne(listOf(broken('/etc/postfix-x')), '/etc/postfix-x'))
    assert.match(refusal.message, /line 7: missing '='/)
    assert.equal(refusal.kind, 'refused')
  })

  const damage = broken('/etc/postfix-x')
  const gone = {config_directory: '/etc/postfix-x', file: '/etc/postfix-x/main.cf', reason: 'No such file or directory'}
  const masterCf = '/etc/postfix-x/master.cf'
  const mended: [name: string, damaged: typeof gone, suggestion: string][] = [
    ['/etc/postfix-x', damage, 'postmulti instances edit /etc/postfix-x'],
    ['x', damage, 'postmulti instances edit /etc/postfix-x'],
    ['z', {...damage, multi_instance_name: 'postfix-z'}, 'postmulti instances edit /etc/postfix-x'],
    ['x', {...damage, file: '/etc/postfix-x/master.cf'}, 'postmulti instances edit /etc/postfix-x --master'],
    ['x', {...damage, file: '/etc/other.cf'}, '${EDITOR:-vi} +7 /etc/other.cf'],
    ['x', {...gone, file: masterCf}, `cp -p "$(postconf -h meta_directory)"/master.cf.proto ${masterCf}`],
    ['postfix-x', gone, 'postmulti instances deport /etc/postfix-x'],
    ['y', gone, 'postmulti instances'],
  ]
  for (const [name, each, suggestion] of mended) {
    it(`says what to type when ${name} may be the one whose main.cf has this: ${each.reason}`, () => {
      const refusal = refusalOf(() => chooseOne(listOf(out, each), name))
      assert.deepEqual(toLines(refusal.suggestions), [suggestion])
      assert.equal(refusal.kind, name === 'y' ? 'not found' : 'refused')
    })
  }
})
