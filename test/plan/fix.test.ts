/** What becomes of the steps that rules propose. */
import assert from 'node:assert/strict'
import type {Finding} from '../../src/model/change/finding.ts'
import type {Step} from '../../src/model/change/plan.ts'
import {planFix} from '../../src/plan/fix.ts'
import {deepFreeze, hostOf, secondary} from '../values.ts'

const out = secondary('postfix-out')
const host = hostOf([out])

describe('plan fix', () => {
  it('has the steps of the findings that were told, in their order', () => {
    const steps = [build('a'), {do: 'set owner and mode', path: '/etc/postfix-out', mode: 0o755} as const]
    assert.deepEqual(plan([finding('first', [steps[0]!]), finding('second', [steps[1]!])]).steps, steps)
  })

  it('leaves alone what was not told, and what nobody finds any more', () => {
    const told = [finding('told', [build('a')]), finding('gone', [build('b')])]
    const found = [told[0]!, finding('new', [build('c')])]
    assert.deepEqual(plan(told, found).steps, [build('a')])
  })

  it('has nothing to do where somebody must choose', () => {
    const {steps, config_directory} = plan([finding('open', null)])
    assert.deepEqual([steps, config_directory], [[], '/etc/postfix-out'])
  })

  it('builds a table once that several findings are about', () => {
    const other: Step = {...build('a'), words: ['postmap', '-c', '/etc/postfix-in', 'hash:a']}
    assert.deepEqual(plan([finding('one', [build('a')]), finding('two', [other])]).steps, [build('a')])
  })

  it('edits a main.cf once', () => {
    const [first, second] = [edit({a: '1'}), edit({b: '2'})]
    assert.deepEqual(plan([finding('one', [first]), finding('two', [second])]).steps, [edit({a: '1', b: '2'})])
  })

  function plan(told: Finding[], found = told) {
    const findings = told.map(({rule, instances, message}) => ({rule, instances, message}))
    return planFix(deepFreeze({action: 'fix', findings}), host, deepFreeze(found))
  }
})

function finding(message: string, fix: Step[] | null): Finding {
  const [rule, severity, instances] = ['table-stale', 'warning', ['/etc/postfix-out']] as const
  return {rule, severity, instances: [...instances], file: null, line: null, message, suggestions: [], fix}
}

function build(name: string): Step & {do: 'run program'} {
  const words = ['postmap', '-c', '/etc/postfix-out', `hash:${name}`]
  return {do: 'run program', words, directory: '/', changes: [`/${name}.db`], undo: []}
}

function edit(set: Record<string, string>): Step {
  return {do: 'edit main.cf', config_directory: '/etc/postfix', set}
}
