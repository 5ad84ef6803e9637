/**
 * One command of postfix(1) for one instance, with a look at master(8) before and after it: a user who wants a running instance
 * started has what they want, and exit status 0 alone does not say that it runs, or that it has read its files again.
 * Where it has a unit that is enabled, that is what is started and stopped.
 * Source: postfix(1), "start", "stop" and "reload"; postfix-script, which waits for master(8) to have its sockets.
 */

import {ToolFailure} from '../../model/base/errors.ts'
import {type Suggestion, suggest} from '../../model/base/suggestion.ts'
import {type Instance, operandOf} from '../../model/instance/instance.ts'
import {toPostfixCommand} from '../programs/child-environment.ts'
import {type ProgramOutput, runBuffered} from '../programs/run-buffered.ts'
import type {Primary} from '../reader/primary.ts'
import {type ActingUnit, actByUnit, forgetFailure, goesByUnit, isActive} from '../systemd/by-unit.ts'
import {type Running, readRunning} from './read-running.ts'
import {holdStopped} from './running.ts'
import {unlessFailed} from './state.ts'
import {findUnread} from './unread.ts'

export interface RunOutcome extends ProgramOutput {
  skipped: string | null
  reason: string | null
  suggestions: readonly Suggestion[]
}

/** Words after which no master(8) is left. */
const ending = ['stop', 'abort', 'drain', 'quick-stop']

/** In milliseconds. A child that cannot kill its group sleeps for a second, and holds the lock meanwhile. */
const untilFree = 5000
/** systemd finds its master(8) gone, and tries a stop of its own. */
const untilLeft = 30_000
/** After `kill -9` the kernel may need a moment. */
const untilGone = 1000
/** master(8) reads its files when it gets to it; where it cannot go on it sleeps for a second before it ends. */
const untilRead = 3000

const silence: ProgramOutput = {status: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0)}

interface RunPostfixOptions {
  caller: NodeJS.ProcessEnv
  merged: boolean
  /** Of the instance; absent where systemd is of no concern. */
  unit?: ActingUnit | undefined
}

/** Where we cannot look, that is this instance's failure: the runs of the others go on. */
export async function runPostfix(
  words: string[],
  instance: Instance,
  primary: Primary,
  manner: RunPostfixOptions,
): Promise<RunOutcome> {
  try {
    return await runAndLook(words, instance, primary, manner)
  } catch (error) {
    if (error instanceof ToolFailure) return asFailed(asRun(silence), error.message)
    throw error
  }
}

async function runAndLook(
  words: string[],
  instance: Instance,
  primary: Primary,
  {caller, merged, unit}: RunPostfixOptions,
): Promise<RunOutcome> {
  const [word = ''] = words
  const master = (): Running | null => readRunning([instance]).get(instance.config_directory) ?? null
  const before = master()
  if (word === 'start' && before !== null) return asSkipped('it runs already')
  if (ending.includes(word) && before === null) return asSkipped('it does not run')
  if (word === 'start') await becomes(() => isFree(instance), untilFree)
  const isByUnit = unit !== undefined && goesByUnit(word, unit, before?.pid)
  const said = isByUnit
    ? await actByUnit(word, unit, merged)
    : await runBuffered(toPostfixCommand(words, instance, primary, caller), {terminal: true, merged})
  const next = (words: string[]): RunOutcome => {
    const more = isByUnit ? [suggest`journalctl --unit ${unit.name} --lines 20`] : []
    return {...asRun(said), suggestions: [suggest`postmulti ${words} ${operandOf(instance)}`, ...more]}
  }
  if (unit !== undefined && ending.includes(word) && !isByUnit && (await becomes(() => master() === null, untilGone))) {
    await becomes(() => !isActive(unit), untilLeft)
    await forgetFailure(unit)
  }
  if (word === 'start') {
    if (said.status !== 0) return next(['check'])
    return master() === null ? asFailed(next(['check']), 'master(8) does not run after its start') : asRun(said)
  }
  if (word === 'stop' || word === 'quick-stop') {
    // Whatever postfix-script says: it also fails when no process is left for its KILL.
    if (await becomes(() => master() === null, untilGone)) return {...asRun(said), status: 0}
    return asFailed(next(['instances', 'stop']), 'master(8) still runs')
  }
  if (word === 'reload' && said.status === 0 && before !== null) {
    let unread: string[] = []
    await becomes(() => {
      unread = unlessFailed(() => findUnread(instance, primary, before.pid)) ?? []
      return unread.length === 0 || master()?.pid !== before.pid
    }, untilRead)
    if (master()?.pid !== before.pid) return asFailed(next(['check']), 'master(8) has ended')
    if (unread.length > 0) return asFailed(next(['instances', 'restart']), `restart needed: ${unread.join(' or ')}`)
  }
  return asRun(said)
}

function asSkipped(skipped: string): RunOutcome {
  return {...asRun(silence), skipped}
}

function asRun(said: ProgramOutput): RunOutcome {
  return {...said, skipped: null, reason: null, suggestions: []}
}

function asFailed(each: RunOutcome, reason: string): RunOutcome {
  return {...each, status: each.status || 1, reason}
}

/** No process has the lock that master(8) wants. Where we may not look, postfix(1) says what is wrong. */
function isFree({queue_directory}: Instance): boolean {
  const hold = unlessFailed(() => holdStopped(queue_directory))
  hold?.release()
  return hold?.stopped ?? true
}

/** False when it is not so within these milliseconds. */
async function becomes(isSo: () => boolean, limit: number): Promise<boolean> {
  for (const end = performance.now() + limit; performance.now() < end; ) {
    if (isSo()) return true
    await process.getBuiltinModule('node:timers/promises').setTimeout(50)
  }
  return isSo()
}
