/**
 * The only place that changes the host: steps, one after the other, each announced in the journal before it acts.
 * When one fails, what was done is taken back in reverse, and the host is as before.
 */
import {ToolFailure} from '../model/errors.ts'
import type {Step} from '../model/plan.ts'
import {explainError} from '../model/system-error.ts'
import {markAll} from './history.ts'
import {type Beginning, close, entryName, Journal, readUnfinished} from './journal.ts'
import {restoreMainCf} from './main-cf.ts'
import {prepare, type StepTools, tell} from './steps.ts'
import {forget, restore, type Trace} from './traces.ts'

/** Carries out all steps or none. Throws what stopped it; `directory` is where the journal is kept. */
export function apply(directory: string, begin: Beginning, steps: readonly Step[], tools: StepTools): void {
  withoutInterruption(() => carryOutAll(directory, begin, steps, tools))
}

function carryOutAll(directory: string, begin: Beginning, steps: readonly Step[], tools: StepTools): void {
  const journal = atHost(`write ${directory}/pending`, () => Journal.begin(directory, begin))
  const traces: Trace[] = []
  try {
    for (const step of steps) {
      atHost(tell(step), () => {
        const {traces: touched, act} = prepare(step, tools)
        journal.record(touched)
        traces.push(...touched)
        act()
      })
    }
    atHost(`write ${directory}/pending`, () => journal.complete(markAll(traces)))
  } catch (error) {
    undo(directory, journal, traces, error, tools)
    throw error
  }
  atHost('clear away what was removed', () => {
    for (const each of traces) forget(each)
    journal.end('done')
  })
}

/** Where even this fails, say on a full disk, the journal keeps what is needed and the next run tries again. */
function undo(
  directory: string,
  journal: Journal,
  traces: readonly Trace[],
  cause: unknown,
  tools: Pick<StepTools, 'runProgram'>,
): void {
  try {
    atHost('take it back', () => {
      const complaints = takeBack(traces, tools)
      if (complaints.length > 0 && cause instanceof Error) cause.message += `; and ${complaints.join('; ')}`
      journal.end('undone')
    })
  } catch (error) {
    if (!(error instanceof ToolFailure && cause instanceof Error)) throw error
    const said = `${cause.message}; and what was done before is not taken back yet: ${error.said}`
    throw new ToolFailure(`finish ${directory}/pending`, null, said)
  }
}

/** What a killed run left behind, taken back or completed. Says what it did; undefined when there was nothing. */
export function recover(directory: string, tools: Pick<StepTools, 'runProgram'>): string | undefined {
  const unfinished = readUnfinished(directory)
  if (unfinished === undefined) return undefined
  const {begin, traces, complete} = unfinished
  return atHost(`recover ${directory}/pending`, () => {
    const complaints: string[] = []
    if (complete) for (const each of traces) forget(each)
    else complaints.push(...takeBack(traces, tools))
    close(directory, entryName(begin))
    const what = `an unfinished ${begin.request.action} of ${begin.config_directory}`
    const done = `${complete ? 'completed' : 'rolled back'} ${what} (process ${begin.pid}, ${begin.began})`
    return [done, ...complaints].join('; ')
  })
}

/**
 * Programs come last: what they do is done for what is there. One that fails must not keep the host from being
 * recovered, so what it says is returned.
 */
function takeBack(traces: readonly Trace[], {runProgram}: Pick<StepTools, 'runProgram'>): string[] {
  const backwards = traces.toReversed()
  for (const each of backwards) {
    if (each.was === 'main.cf') restoreMainCf(each)
    else if (each.was !== 'program') restore(each)
  }
  return backwards.flatMap((each) => {
    if (each.was !== 'program' || each.undo.length === 0) return []
    try {
      runProgram(each.undo, each.directory)
      return []
    } catch (error) {
      if (error instanceof ToolFailure) return [error.message]
      throw error
    }
  })
}

/**
 * A change takes a moment and then is whole: Ctrl-C ends the tool in hand, and that failure takes the change back.
 * Only the kernel can stop us half-way, and then the next run recovers.
 */
function withoutInterruption(act: () => void): void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const ignore = (): void => {}
  for (const signal of signals) process.on(signal, ignore)
  try {
    act()
  } finally {
    for (const signal of signals) process.off(signal, ignore)
  }
}

/** A failed system call becomes a ToolFailure that says what was being done. */
function atHost<T>(doing: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) {
      const path = 'path' in error ? ` ${String(error.path)}` : ''
      throw new ToolFailure(doing, null, `${String(error.syscall)}${path}: ${explainError(error)}`)
    }
    throw error
  }
}
