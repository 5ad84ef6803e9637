/** Whether the instances do what they should. */
import assert from 'node:assert/strict'
import type {State} from '../../../src/model/instance/state.ts'
import {judgeStates, type Verdict} from '../../../src/model/top/serving.ts'
import {broken, secondary} from '../../values.ts'

const runs: State = {pid: 42, since: new Date(0)}
const rows: [enabled: State[], disabled: State[], damaged: number, verdict: Verdict][] = [
  [[runs, runs], [null], 0, 'all run'],
  [[runs, null], [], 0, 'some run'],
  [[null, null], [runs], 0, 'none runs'],
  [[], [runs], 0, 'all run'],
  [[], [null], 0, 'none runs'],
  [[runs], [], 1, 'some run'],
  [[], [], 1, 'none runs'],
  [[runs, 'unknown'], [], 0, 'some run'],
]

describe('verdict', () => {
  for (const [enabled, disabled, damaged, verdict] of rows) {
    const described = [enabled, disabled].map((states) => states.map((each) => (each === runs ? 'runs' : each)).join())
    it(`enabled: ${described[0]}; disabled: ${described[1]}; damaged: ${damaged}; so ${verdict}`, () => {
      const watched = [...watch(enabled, true), ...watch(disabled, false)]
      assert.equal(judgeStates(watched, Array(damaged).fill(broken('/etc/postfix-x'))), verdict)
    })
  }
})

function watch(states: State[], multi_instance_enable: boolean) {
  return states.map((state, at) => ({instance: secondary(`postfix-${at}`, {multi_instance_enable}), state}))
}
