/**
 * The short way of the commands that change no configuration: turns are taken as the schedule allows, and what became
 * of each is told. No lock, no journal, no hooks: nothing may keep mail from starting and stopping.
 * Source: iterate_command() in postmulti.c, which takes one turn after the other.
 */

import {type TurnReport, withoutTurn} from './model/change/turn-report.ts'
import {label} from './model/instance/instance.ts'
import {type Entry, planNext, type State} from './plan/schedule.ts'

export type Ending = Omit<TurnReport, 'instance' | 'word'>

export interface WalkOptions {
  /** How many may run at once. */
  jobs: number
  /** Aborted: what runs is waited for, nothing else begins. */
  interrupted: AbortSignal
  began(at: number): void
  ended(at: number, report: TurnReport): void
}

/** In the order of the schedule. `take` reports failures by its status; it throws only where we are defective. */
export async function takeTurns(
  schedule: readonly Entry[],
  take: (entry: Entry) => Promise<Ending>,
  {jobs, interrupted, began, ended}: WalkOptions,
): Promise<TurnReport[]> {
  const states: State[] = schedule.map(() => 'waiting')
  const reports: TurnReport[] = []
  const running = new Map<number, Promise<void>>()
  while (states.includes('waiting') || running.size > 0) {
    if (interrupted.aborted) {
      for (const [at, state] of states.entries()) if (state === 'waiting') giveUp(at, 'interrupted')
    }
    const {begin, lost} = planNext(schedule, states, jobs)
    for (const {at, to} of lost) giveUp(at, `${label(turnOf(to).instance)} comes before it and failed`)
    for (const at of begin) running.set(at, run(at))
    // Those that have lost their turn may have others behind them.
    if (lost.length === 0 && running.size > 0) await Promise.race(running.values())
  }
  return reports

  async function run(at: number): Promise<void> {
    states[at] = 'running'
    began(at)
    const ending = await take(schedule[at]!)
    running.delete(at)
    end(at, {...ending, ...turnOf(at)})
  }

  function giveUp(at: number, why: string): void {
    const {instance, word} = turnOf(at)
    end(at, withoutTurn(instance, word, why, 1))
  }

  function end(at: number, report: TurnReport): void {
    states[at] = report.status === 0 ? 'done' : 'failed'
    reports[at] = report
    ended(at, report)
  }

  function turnOf(at: number) {
    const {instance, words} = schedule[at]!.turn
    return {instance, word: words[0] ?? ''}
  }
}
