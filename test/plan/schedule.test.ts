import assert from 'node:assert/strict'
import fc from 'fast-check'
import type {Instance} from '../../src/model/instance/instance.ts'
import {type CommandClass, type InstanceRun, planRuns} from '../../src/plan/iterate.ts'
import {planNext, planSchedule, type RunState, type ScheduledRun} from '../../src/plan/schedule.ts'
import {deepFreeze, primary, secondary} from '../values.ts'

const classes = {
  postmulti_start_commands: 'start',
  postmulti_stop_commands: 'stop',
  postmulti_control_commands: 'reload',
}

describe('schedule', () => {
  const out = secondary('out', {multi_instance_group: 'mta'})
  const filter = secondary('filter', {multi_instance_group: 'mta'})
  const input = secondary('in', {multi_instance_group: 'mta'})
  const off = secondary('off', {multi_instance_group: 'mta', multi_instance_enable: false})
  const lists = secondary('lists', {multi_instance_group: 'lists'})
  const alone = secondary('alone')

  const rows: [what: string, word: string, instances: Instance[], waves: string][] = [
    [
      'starts the primary first, then a group in order beside the others',
      'start',
      [primary, out, alone, input],
      '/etc/postfix; out alone; in',
    ],
    ['starts without a primary when it was not chosen', 'start', [out, alone, input], 'out alone; in'],
    ['stops in the mirror image of it', 'stop', [primary, out, alone, input], 'in alone; out; /etc/postfix'],
    ['keeps groups apart', 'start', [out, lists, input], 'out lists; in'],
    ['lets instances without a group not wait for each other', 'start', [alone, secondary('other')], 'alone other'],
    ['checks a disabled one in its place', 'start', [out, off, input], 'out; off; in'],
    ['stops three of a group one after the other', 'stop', [out, filter, input], 'in; filter; out'],
    ['reloads all at once', 'reload', [primary, out, input], '/etc/postfix out in'],
    ['runs any other word everywhere at once', 'check', [primary, out, off], '/etc/postfix out off'],
  ]
  for (const [what, word, instances, waves] of rows) {
    it(what, () => assert.equal(wavesOf(scheduleOf(word, instances)), waves))
  }

  it('lets the primary be a member of a group', () => {
    const hub = {...primary, multi_instance_name: 'hub', multi_instance_group: 'mta'}
    assert.equal(wavesOf(scheduleOf('start', [hub, out, input])), 'hub; out; in')
    assert.equal(wavesOf(scheduleOf('stop', [hub, out, input])), 'in; out; hub')
  })

  describe('after a failure', () => {
    it('starts no later one of the group', () => {
      assert.deepEqual(fates('start', [out, filter, alone, input], ['out']), {
        out: 'failed',
        filter: 'lost to out',
        alone: 'done',
        in: 'lost to out',
      })
    })

    it('goes on with a group whose disabled member did not pass the check', () => {
      assert.deepEqual(fates('start', [out, off, input], ['off']), {out: 'done', off: 'failed', in: 'done'})
    })

    it('checks a disabled one all the same', () => {
      assert.deepEqual(fates('start', [out, off], ['out']), {out: 'failed', off: 'done'})
    })

    it('starts the others when the primary does not', () => {
      assert.deepEqual(fates('start', [primary, out], ['/etc/postfix']), {'/etc/postfix': 'failed', out: 'done'})
    })

    it('goes on stopping', () => {
      assert.deepEqual(fates('stop', [out, input], ['in']), {in: 'failed', out: 'done'})
    })
  })

  describe('on any host', () => {
    const anyHost = fc
      .array(fc.record({group: fc.constantFrom('', 'mta', 'lists', 'm'), enabled: fc.boolean()}), {maxLength: 9})
      .map((members) => [
        primary,
        ...members.map(({group, enabled}, at) =>
          secondary(`postfix-${at}`, {multi_instance_group: group, multi_instance_enable: enabled}),
        ),
      ])
    /** How many may run at once, and which of those that run is over next, each time. */
    const anyCourse = fc.record({jobs: fc.integer({min: 1, max: 5}), next: fc.infiniteStream(fc.nat(20))})
    const anyWord = fc.constantFrom('start', 'stop', 'reload')

    it('runs each, and never more than so many at once', () => {
      fc.assert(
        fc.property(anyHost, anyWord, anyCourse, (host, word, course) => {
          const schedule = scheduleOf(word, host)
          const {order, most} = run(schedule, course)
          assert.equal(new Set(order).size, schedule.length)
          assert.ok(most <= course.jobs, `${most} at once`)
        }),
      )
    })

    it('never has two of one group at work', () => {
      fc.assert(
        fc.property(anyHost, fc.constantFrom('start', 'stop'), anyCourse, (host, word, course) => {
          const schedule = scheduleOf(word, host)
          run(schedule, course, (running) => {
            const groups = running.map((at) => schedule[at]!.run.instance.multi_instance_group).filter(Boolean)
            assert.equal(new Set(groups).size, groups.length)
          })
        }),
      )
    })

    it('has nothing at work beside the primary', () => {
      fc.assert(
        fc.property(anyHost, fc.constantFrom('start', 'stop'), anyCourse, (host, word, course) => {
          const schedule = scheduleOf(word, host)
          run(schedule, course, (running) => {
            if (running.some((at) => schedule[at]!.run.instance === primary)) assert.equal(running.length, 1)
          })
        }),
      )
    })

    it('starts a receiver before its sender, and stops it after', () => {
      fc.assert(
        fc.property(anyHost, anyCourse, (host, course) => {
          const started = namesInOrder(scheduleOf('start', host), course)
          const stopped = namesInOrder(scheduleOf('stop', host), course)
          for (const [at, receiver] of host.entries()) {
            for (const sender of host.slice(at + 1)) {
              const related = receiver === primary || isSameGroup(receiver, sender)
              if (!related) continue
              assert.ok(started.indexOf(receiver) < started.indexOf(sender))
              if (!receiver.multi_instance_enable || !sender.multi_instance_enable) continue
              assert.ok(stopped.indexOf(receiver) > stopped.indexOf(sender))
            }
          }
        }),
      )
    })

    it('stops by the dependencies of a start, turned round', () => {
      fc.assert(
        fc.property(anyHost, (host) => {
          const enabled = host.filter((each) => each.multi_instance_enable)
          const edges = (word: string): string[] => {
            const schedule = scheduleOf(word, enabled)
            const nameAt = (at: number): string => schedule[at]!.run.instance.config_directory
            return schedule.flatMap(({after}, at) =>
              after.map((each) =>
                (word === 'start' ? [nameAt(each), nameAt(at)] : [nameAt(at), nameAt(each)]).join(' '),
              ),
            )
          }
          assert.deepEqual(edges('stop').sort(), edges('start').sort())
        }),
      )
    })
  })
})

function isSameGroup(one: Instance, other: Instance): boolean {
  return one.multi_instance_group !== '' && one.multi_instance_group === other.multi_instance_group
}

function scheduleOf(word: string, instances: Instance[]): ScheduledRun[] {
  const commandClass: CommandClass = word === 'start' || word === 'stop' ? word : 'other'
  const runs: InstanceRun[] = planRuns(deepFreeze(instances), [word], classes)
  return deepFreeze(planSchedule(deepFreeze(runs), commandClass, '/etc/postfix'))
}

function nameAt(schedule: ScheduledRun[], at: number): string {
  const {multi_instance_name, config_directory} = schedule[at]!.run.instance
  return multi_instance_name || config_directory
}

/** What may run at the same time when everything takes the same time. */
function wavesOf(schedule: ScheduledRun[]): string {
  const states: RunState[] = schedule.map(() => 'waiting')
  const waves: string[] = []
  while (states.includes('waiting')) {
    const {begin} = planNext(schedule, states, 100)
    assert.ok(begin.length > 0)
    waves.push(begin.map((at) => nameAt(schedule, at)).join(' '))
    for (const at of begin) states[at] = 'done'
  }
  return waves.join('; ')
}

function fates(word: string, instances: Instance[], failing: string[]): Record<string, string> {
  const schedule = scheduleOf(word, instances)
  const states: RunState[] = schedule.map(() => 'waiting')
  const told: Record<string, string> = {}
  while (states.includes('waiting')) {
    const {begin, lost} = planNext(schedule, states, 1)
    for (const {at, to} of lost) {
      states[at] = 'failed'
      told[nameAt(schedule, at)] = `lost to ${nameAt(schedule, to)}`
    }
    for (const at of begin) {
      states[at] = failing.includes(nameAt(schedule, at)) ? 'failed' : 'done'
      told[nameAt(schedule, at)] = states[at]
    }
  }
  return told
}

interface Course {
  jobs: number
  next: Iterator<number>
}

/** Runs end in any order; nothing fails. */
function run(schedule: ScheduledRun[], {jobs, next}: Course, look: (running: number[]) => void = () => {}) {
  const states: RunState[] = schedule.map(() => 'waiting')
  const order: number[] = []
  let most = 0
  while (states.some((each) => each === 'waiting' || each === 'running')) {
    for (const at of planNext(schedule, states, jobs).begin) {
      states[at] = 'running'
      order.push(at)
    }
    const running = states.flatMap((each, at) => (each === 'running' ? [at] : []))
    assert.ok(running.length > 0, 'everything waits')
    most = Math.max(most, running.length)
    look(running)
    states[running[next.next().value % running.length]!] = 'done'
  }
  return {order, most}
}

function namesInOrder(schedule: ScheduledRun[], course: Course): Instance[] {
  return run(schedule, course).order.map((at) => schedule[at]!.run.instance)
}
