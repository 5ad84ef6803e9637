/**
 * The short way of the commands that change no configuration: each instance is run for as the schedule allows, and what became
 * of each is told. No lock, no journal, no hooks: nothing may keep mail from starting and stopping.
 * Source: iterate_command() in postmulti.c, which does one after the other.
 */

import {type RunReport, withoutRun} from './model/change/run-report.ts'
import {label} from './model/instance/instance.ts'
import {planNext, type RunState, type ScheduledRun} from './plan/schedule.ts'

export type RunResult = Omit<RunReport, 'instance' | 'word'>

export interface ScheduleOptions {
  /** How many may run at once. */
  jobs: number
  /** Aborted: what runs is waited for, nothing else begins. */
  interrupted: AbortSignal
  began(at: number): void
  ended(at: number, report: RunReport): void
}

/** In the order of the schedule. `runOne` reports failures by its status; it throws only for a defect of ours. */
export async function runSchedule(
  schedule: readonly ScheduledRun[],
  runOne: (entry: ScheduledRun) => Promise<RunResult>,
  {jobs, interrupted, began, ended}: ScheduleOptions,
): Promise<RunReport[]> {
  const states: RunState[] = schedule.map(() => 'waiting')
  const reports: RunReport[] = []
  const running = new Map<number, Promise<void>>()
  while (states.includes('waiting') || running.size > 0) {
    if (interrupted.aborted) {
      for (const [at, state] of states.entries()) if (state === 'waiting') giveUp(at, 'interrupted')
    }
    const {begin, lost} = planNext(schedule, states, jobs)
    for (const {at, to} of lost) giveUp(at, `${label(runOf(to).instance)} goes before it and failed`)
    for (const at of begin) running.set(at, run(at))
    // Instances that do not run now may make others not run, too.
    if (lost.length === 0 && running.size > 0) await Promise.race(running.values())
  }
  return reports

  async function run(at: number): Promise<void> {
    states[at] = 'running'
    began(at)
    const ending = await runOne(entryAt(at))
    running.delete(at)
    end(at, {...ending, ...runOf(at)})
  }

  function giveUp(at: number, why: string): void {
    const {instance, word} = runOf(at)
    end(at, withoutRun(instance, word, why, 1))
  }

  function end(at: number, report: RunReport): void {
    states[at] = report.status === 0 ? 'done' : 'failed'
    reports[at] = report
    ended(at, report)
  }

  function entryAt(at: number): ScheduledRun {
    return schedule[at]!
  }

  function runOf(at: number) {
    const {instance, words} = entryAt(at).run
    return {instance, word: words[0] ?? ''}
  }
}
