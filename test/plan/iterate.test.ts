import assert from 'node:assert/strict'
import fc from 'fast-check'
import type {Instance} from '../../src/model/instance/instance.ts'
import {type CommandClasses, planRuns} from '../../src/plan/iterate.ts'
import {deepFreeze, primary, secondary} from '../values.ts'

/** As Postfix has them unless main.cf says otherwise. */
const stock: CommandClasses = deepFreeze({
  postmulti_start_commands: 'start',
  postmulti_stop_commands: 'stop abort drain quick-stop',
  postmulti_control_commands: 'reload flush',
})

describe('runs of a command of postfix(1)', () => {
  const hub = {...primary, multi_instance_name: 'hub'}
  const instances = [hub, secondary('out'), secondary('off', {multi_instance_enable: false}), secondary('in')]

  const rows: [typed: string, runs: string][] = [
    ['start', 'hub: start, out: start, off: check, in: start'],
    ['start now', 'hub: start now, out: start now, off: check now, in: start now'],
    ['stop', 'in: stop, out: stop, hub: stop'],
    ['abort', 'in: abort, out: abort, hub: abort'],
    ['drain', 'in: drain, out: drain, hub: drain'],
    ['quick-stop', 'in: quick-stop, out: quick-stop, hub: quick-stop'],
    ['reload', 'hub: reload, out: reload, in: reload'],
    ['flush', 'hub: flush, out: flush, in: flush'],
    ['status', 'hub: status, out: status, off: status, in: status'],
    ['check', 'hub: check, out: check, off: check, in: check'],
    ['logrotate', 'hub: logrotate, out: logrotate, off: logrotate, in: logrotate'],
    ['sto', 'hub: sto, out: sto, off: sto, in: sto'],
    ['stop-fg', 'hub: stop-fg, out: stop-fg, off: stop-fg, in: stop-fg'],
    ['Stop', 'hub: Stop, out: Stop, off: Stop, in: Stop'],
    ['status start', 'hub: status start, out: status start, off: status start, in: status start'],
  ]
  for (const [typed, runs] of rows) {
    it(`${typed} is ${runs}`, () => assert.equal(told(typed.split(' ')), runs))
  }

  it('an empty word is in no class, and reaches all', () => {
    const empty = {postmulti_start_commands: '', postmulti_stop_commands: ' , ', postmulti_control_commands: ''}
    assert.equal(told([''], empty), 'hub: , out: , off: , in: ')
  })

  describe("with the site's own classes", () => {
    const site: CommandClasses = {
      postmulti_start_commands: 'start,  start-fg',
      postmulti_stop_commands: ' stop,\n\tstart reload',
      postmulti_control_commands: 'reload status',
    }
    const rows: [typed: string, runs: string][] = [
      ['start-fg', 'hub: start-fg, out: start-fg, off: check, in: start-fg'],
      ['status', 'hub: status, out: status, in: status'],
      ['flush', 'hub: flush, out: flush, off: flush, in: flush'],
      ['start', 'hub: start, out: start, off: check, in: start'],
      ['reload', 'in: reload, out: reload, hub: reload'],
    ]
    for (const [typed, runs] of rows) {
      it(`${typed} is ${runs}: the first class that has it counts`, () => assert.equal(told([typed], site), runs))
    }
  })

  describe('on any host', () => {
    it('stops in the reverse of the order in which it starts', () => {
      check((all) => {
        const started = planRuns(all, ['start'], stock).filter(({words}) => words[0] === 'start')
        const stopped = planRuns(all, ['stop'], stock)
        assert.deepEqual(placesOf(stopped), placesOf(started).toReversed())
      })
    })

    it('never stops a disabled instance, and always checks it in place of a start', () => {
      check((all) => {
        for (const word of stock.postmulti_stop_commands.split(' ')) {
          assert.ok(planRuns(all, [word], stock).every(({instance}) => instance.multi_instance_enable))
        }
        const runs = planRuns(all, ['start', 'x'], stock)
        assert.deepEqual(
          placesOf(runs),
          all.map((each) => each.config_directory),
        )
        for (const {instance, words} of runs) {
          assert.deepEqual(words, [instance.multi_instance_enable ? 'start' : 'check', 'x'])
        }
      })
    })

    function check(property: (instances: Instance[]) => void): void {
      const anyHost = fc
        .array(fc.boolean(), {maxLength: 12})
        .map((switches) => switches.map((enabled, at) => secondary(`postfix-${at}`, {multi_instance_enable: enabled})))
      fc.assert(fc.property(anyHost, property))
    }
  })

  function told(words: string[], classes = stock): string {
    return planRuns(deepFreeze(instances), deepFreeze(words), deepFreeze(classes))
      .map((run) => `${run.instance.multi_instance_name}: ${run.words.join(' ')}`)
      .join(', ')
  }

  function placesOf(runs: {instance: Instance}[]): string[] {
    return runs.map(({instance}) => instance.config_directory)
  }
})
