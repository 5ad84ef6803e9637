/**
 * -l, -x and -p: load, select, order, print or run. No lock, no plugin, nothing written.
 * Source: iterate(), iterate_command() and run_user_command() in postmulti.c.
 */

import {Refusal} from '../model/base/errors.ts'
import {errorCode, explainError} from '../model/base/system-error.ts'
import {claimAll} from '../model/instance/claims.ts'
import {damaged, describeAsPostconf, type Instance} from '../model/instance/instance.ts'
import {mayMean, select} from '../model/instance/selection.ts'
import {classOf, type InstanceRun, planRuns} from '../plan/iterate.ts'
import {toCommand, toPostfixCommand} from '../postfix/programs/child-environment.ts'
import {commandClasses} from '../postfix/programs/command-classes.ts'
import type {Inheritance} from '../postfix/programs/inheritance.ts'
import {readInstanceList} from '../postfix/reader/list.ts'
import type {Primary} from '../postfix/reader/primary.ts'
import {settleList, sharedDirectories} from '../postfix/survey/facts.ts'
import {runChild} from './child.ts'
import type {Iteration} from './command-line.ts'
import {hintOnScope} from './hints.ts'
import {print, toJsonLine, toListLine} from './output.ts'

export interface IterateTools {
  warn(text: string): void
  /** What postconf(1) printed on stderr, as it printed it. */
  passOn(text: string): void
  /** A complaint of a child that could not be started. */
  fatal(text: string): void
  /** For people at a terminal. */
  hint(text: string | undefined): void
  /** Makes the caller's environment, for children. */
  environment(): NodeJS.ProcessEnv
  inheritance: Inheritance
}

/** Returns the exit status: 1 also where an instance that cannot be read may have been meant. */
export function iterate(what: Iteration, primary: Primary, tools: IterateTools): number {
  const list = settleList(readInstanceList(primary, tools.passOn), primary)
  const chosen = select(list, what.selection)
  const missing = damaged(list).filter((each) => mayMean(what.selection, each, chosen.length > 0))
  for (const each of missing) tools.warn(`skipping instance ${each.config_directory}: ${describeAsPostconf(each)}`)
  // Of the others none is at odds any more.
  claimAll({primary: list.primary, secondaries: []}, sharedDirectories(primary))
  tools.hint(hintOnScope(what, list))
  const status = what.mode === 'list' ? printList(what, chosen, tools) : runAll(what, chosen, primary, tools)
  return missing.length > 0 ? 1 : status
}

function printList(what: Iteration, chosen: Instance[], {inheritance}: IterateTools): number {
  const ordered = what.reversed ? chosen.toReversed() : chosen
  try {
    print(ordered.map(what.json ? toJsonLine : toListLine).join(''))
  } catch (error) {
    // No one reads: a C program would have been ended by SIGPIPE.
    if (errorCode(error) === 'EPIPE' && !inheritance.ignored.includes('SIGPIPE')) return 128 + 13
    throw new Refusal(`error writing output: ${explainError(error)}`)
  }
  return 0
}

function runAll(what: Iteration, chosen: Instance[], primary: Primary, tools: IterateTools): number {
  const runs =
    what.mode === 'postfix' ? planRuns(chosen, what.command, commandClasses(primary)) : runsInOrder(what, chosen)
  if (runs.length === 0) throw new Refusal('No matching instances')
  if (startsNothing(what, chosen, primary)) {
    tools.warn(`nothing is started: no instance is enabled (multi_instance_enable)`)
  }
  const environment = tools.environment()
  let status = 0
  for (const {instance, words} of runs) {
    const toChild = what.mode === 'postfix' ? toPostfixCommand : toCommand
    const child = toChild(words, instance, primary, environment)
    if (runChild({...child, inheritance: tools.inheritance}, tools.fatal)) status = 1
  }
  return status
}

/** Then postfix(1) says nothing, and the host comes up without mail. */
function startsNothing({mode, selection, command}: Iteration, chosen: Instance[], primary: Primary): boolean {
  if (mode !== 'postfix' || selection.by !== 'all') return false
  return (
    classOf(command[0] ?? '', commandClasses(primary)) === 'start' &&
    chosen.every((each) => !each.multi_instance_enable)
  )
}

function runsInOrder(what: Iteration, chosen: Instance[]): InstanceRun[] {
  return (what.reversed ? chosen.toReversed() : chosen).map((instance) => ({instance, words: what.command}))
}
