import assert from 'node:assert/strict'
import type {ScheduledRun} from '../src/plan/schedule.ts'
import {type RunResult, runSchedule} from '../src/run-schedule.ts'
import {secondary} from './values.ts'

describe('run schedule', () => {
  it('takes as many turns at once as allowed, and no more', async () => {
    let running = 0
    let most = 0
    await runAll(entries(7), 3, async () => {
      most = Math.max(most, ++running)
      await nextTurn()
      running--
      return well
    })
    assert.equal(most, 3)
  })

  it('reports in the order of the schedule, whatever ends first', async () => {
    const {told, ended} = await runAll(entries(3), 3, async ({run}) => {
      for (let waited = run.instance.multi_instance_name === 'postfix-0' ? 5 : 0; waited > 0; waited--) await nextTurn()
      return well
    })
    assert.deepEqual(told, ['postfix-0: 0', 'postfix-1: 0', 'postfix-2: 0'])
    assert.deepEqual(ended, [1, 2, 0])
  })

  it('gives up what needs something that failed, and what needs that in turn', async () => {
    const schedule = entries(4)
    schedule[1] = {...schedule[1]!, after: [0], needs: [0]}
    schedule[2] = {...schedule[2]!, after: [1], needs: [1]}
    const {told} = await runAll(schedule, 4, async ({run}) =>
      run.instance.multi_instance_name === 'postfix-0' ? {...well, status: 75} : well,
    )
    assert.deepEqual(told, [
      'postfix-0: 75',
      'postfix-1: 1, postfix-0 goes before it and failed',
      'postfix-2: 1, postfix-1 goes before it and failed',
      'postfix-3: 0',
    ])
  })

  it('an interruption lets what runs end, and begins nothing else', async () => {
    const interrupt = new AbortController()
    const begun: string[] = []
    const {told} = await runAll(
      entries(4),
      2,
      async ({run}) => {
        begun.push(run.instance.multi_instance_name)
        interrupt.abort()
        await nextTurn()
        return well
      },
      interrupt.signal,
    )
    assert.deepEqual(begun, ['postfix-0', 'postfix-1'])
    assert.deepEqual(told, ['postfix-0: 0', 'postfix-1: 0', 'postfix-2: 1, interrupted', 'postfix-3: 1, interrupted'])
  })

  it('does nothing about nobody', async () => {
    assert.deepEqual((await runAll([], 1, async () => well)).told, [])
  })

  it('lets a defect of ours fly', async () => {
    await assert.rejects(
      runAll(entries(1), 1, async () => {
        throw new TypeError('ours')
      }),
      /ours/,
    )
  })
})

const well: RunResult = {
  status: 0,
  skipped: null,
  reason: null,
  suggestions: [],
  stdout: Buffer.alloc(0),
  stderr: Buffer.alloc(0),
}

function entries(count: number): ScheduledRun[] {
  return Array.from({length: count}, (_, at) => ({
    run: {instance: secondary(`postfix-${at}`), words: ['start']},
    after: [],
    needs: [],
  }))
}

async function runAll(
  schedule: ScheduledRun[],
  jobs: number,
  take: (entry: ScheduledRun) => Promise<RunResult>,
  interrupted = new AbortController().signal,
) {
  const ended: number[] = []
  const reports = await runSchedule(schedule, take, {
    jobs,
    interrupted,
    began: () => {},
    ended: (at) => void ended.push(at),
  })
  const told = reports.map(({instance, status, skipped}) =>
    [`${'multi_instance_name' in instance && instance.multi_instance_name}: ${status}`, skipped ?? []]
      .flat()
      .join(', '),
  )
  return {told, ended}
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
