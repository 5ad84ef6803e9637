/**
 * The only place that changes the host: steps, one after the other, each announced in the journal before it acts.
 * When one fails, what was done is taken back in reverse, and the host is as before.
 */
import {Refusal, ToolFailure} from '../model/base/errors.ts'
import {asFailure, errorCode, explainError} from '../model/base/system-error.ts'
import {type BeforeImage, pathOf} from '../model/change/before-image.ts'
import {type Beginning, describeBeginning} from '../model/change/past.ts'
import type {Step} from '../model/change/plan.ts'
import {forget, restore, undoOf} from './before-images.ts'
import {markPaths} from './history.ts'
import {withoutInterruption} from './in-hand.ts'
import {Journal, readUnfinished} from './journal.ts'
import {restoreMainCf} from './main-cf.ts'
import {describeStep, prepare, type StepTools} from './steps.ts'

/**
 * Carries out all steps or none. Throws what stopped it; `directory` is where the journal is kept. Returns what could
 * not be cleared away after it.
 */
export function apply(
  directory: string,
  begin: Beginning,
  steps: readonly Step[],
  tools: StepTools,
): Promise<string[]> {
  return withoutInterruption(() => carryOutAll(directory, begin, steps, tools))
}

async function carryOutAll(
  directory: string,
  begin: Beginning,
  steps: readonly Step[],
  tools: StepTools,
): Promise<string[]> {
  // One before it, by the same run, may not have been cleared away.
  await recover(directory, tools)
  const journal = await atHost(`write ${directory}/pending`, () => Journal.begin(directory, begin, steps))
  const traces: BeforeImage[] = []
  try {
    for (const step of steps) {
      await atHost(describeStep(step), () => {
        const {traces: touched, act} = prepare(step, tools)
        journal.record(touched)
        traces.push(...touched)
        return act()
      })
    }
    await atHost(`write ${directory}/pending`, () => journal.complete(markPaths(traces)))
  } catch (error) {
    await undo(directory, journal, traces, error, tools)
    throw error
  }
  return orLater(`write ${directory}/journal`, () => {
    const left = forgetAll(traces)
    journal.end('done', left)
    return left
  })
}

/** The change is made: an error now is not its failure, and the next run clears away what is left. */
async function orLater(doing: string, act: () => string[]): Promise<string[]> {
  try {
    return await atHost(doing, act)
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
    return [`${error.message}; the next change clears away what is left of this one`]
  }
}

/** Where even this fails, say on a full disk, the journal keeps what is needed and the next run tries again. */
async function undo(
  directory: string,
  journal: Journal,
  traces: readonly BeforeImage[],
  cause: unknown,
  tools: Pick<StepTools, 'runProgram'>,
): Promise<void> {
  try {
    await atHost('take it back', async () => {
      const left = await takeBack(traces, tools)
      if (left.length > 0 && cause instanceof Error) cause.message += `; and ${left.join('; ')}`
      journal.end(howUndone(left), left)
    })
  } catch (error) {
    if (!(error instanceof ToolFailure && cause instanceof Error)) throw error
    const said = `${cause.message}; and the steps before it are not undone yet: ${error.said}`
    throw new ToolFailure(`finish ${directory}/pending`, null, said)
  }
}

/** What a killed run left behind, taken back or completed. Says what it did; undefined when there was nothing. */
export async function recover(directory: string, tools: Pick<StepTools, 'runProgram'>): Promise<string | undefined> {
  const unfinished = readUnfinished(directory)
  if (unfinished === undefined) return undefined
  const {begin, traces, complete} = unfinished
  return atHost(`recover ${directory}/pending`, async () => {
    const left = complete ? forgetAll(traces) : await takeBack(traces, tools)
    Journal.resume(directory, unfinished).end(complete ? 'done' : howUndone(left), left)
    const what = `an unfinished ${describeBeginning(begin)}`
    const how = complete ? 'completed' : left.length === 0 ? 'rolled back' : 'rolled back in part'
    return [`${how} ${what} (process ${begin.pid}, ${begin.began})`, ...left].join('; ')
  })
}

function howUndone(left: readonly string[]): 'undone' | 'undone in part' {
  return left.length === 0 ? 'undone' : 'undone in part'
}

/**
 * Programs come last, because they work on the restored files. What cannot be brought back must not keep the host from
 * being changed for ever: it is returned with its reason, and so is the message of a program that fails.
 */
async function takeBack(
  traces: readonly BeforeImage[],
  {runProgram}: Pick<StepTools, 'runProgram'>,
): Promise<string[]> {
  const backwards = traces.toReversed()
  const left = backwards.flatMap((each) => {
    if (each.was === 'program') return []
    const path = pathOf(each)
    const where = each.was === 'moved' ? `, it is in ${each.to}` : ''
    return tryTo(path, () => (each.was === 'main.cf' ? restoreMainCf(each) : restore(each))).map((why) => {
      return `${path} cannot be brought back: ${why}${where}`
    })
  })
  for (const each of backwards) {
    if (each.was !== 'program' || each.undo.length === 0) continue
    try {
      await runProgram(undoOf(each))
    } catch (error) {
      if (!(error instanceof ToolFailure || error instanceof Refusal)) throw error
      if (!each.mayFail) left.push(error.message)
    }
  }
  return left
}

/** What was moved aside goes, as far as it can. */
function forgetAll(traces: readonly BeforeImage[]): string[] {
  return traces.flatMap((each) => {
    if (each.was !== 'moved') return []
    return tryTo(each.to, () => forget(each)).map((why) => `${each.to} cannot be removed: ${why}`)
  })
}

/** Errors that pass: the next run tries again. */
const passing = ['ENOSPC', 'ENOMEM', 'EMFILE', 'ENFILE', 'EINTR', 'EAGAIN', 'ENOPROC']

/** Why it could not be done; nothing when it was. */
function tryTo(path: string, act: () => void): string[] {
  try {
    act()
    return []
  } catch (error) {
    if (error instanceof Refusal) return [error.message]
    const code = errorCode(error)
    if (code === undefined || passing.includes(code)) throw error
    const {path: at = path} = error as NodeJS.ErrnoException
    return [at === path ? explainError(error) : `${at}: ${explainError(error)}`]
  }
}

/** A failed system call becomes a ToolFailure that says what was being done. */
async function atHost<T>(doing: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw asFailure(error, doing)
  }
}
