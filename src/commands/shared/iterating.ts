/**
 * What the commands share that run a word of postfix(1) for many instances: the question before a stop, the rounds, and
 * what is told of them. Who is run, with which word and after whom, is for src/plan to say.
 */

import {availableParallelism} from 'node:os'
import {Flags} from '@oclif/core'
import {remarkOn} from '../../ask.ts'
import {realUserId} from '../../files/caller.ts'
import {withoutControls} from '../../model/base/controls.ts'
import {Refusal} from '../../model/base/errors.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {type RunReport, withoutRun} from '../../model/change/run-report.ts'
import {type Choice, choose} from '../../model/instance/choice.ts'
import {claimAll} from '../../model/instance/claims.ts'
import {
  allListed,
  describeDamage,
  type Instance,
  type InstanceList,
  isDamaged,
  label,
  operandOf,
} from '../../model/instance/instance.ts'
import type {Selection} from '../../model/instance/selection.ts'
import {type CommandClasses, classOf, planRuns} from '../../plan/iterate.ts'
import {planSchedule, type ScheduledRun} from '../../plan/schedule.ts'
import {type SettledTargets, settleTargets} from '../../plan/targets.ts'
import {callerEnvironment} from '../../postfix/programs/child-environment.ts'
import {commandClasses} from '../../postfix/programs/command-classes.ts'
import type {Primary} from '../../postfix/reader/primary.ts'
import {readRunning} from '../../postfix/state/read-running.ts'
import {type RunOutcome, runPostfix} from '../../postfix/state/run-postfix.ts'
import {settleList, sharedDirectories} from '../../postfix/survey/facts.ts'
import {type ActingUnit, actingUnits} from '../../postfix/systemd/by-unit.ts'
import {usesUnits} from '../../postfix/systemd/units.ts'
import {inColumns} from '../../report/terminal/columns.ts'
import {type Loudness, showProgress} from '../../report/terminal/progress.ts'
import {isAnybodyThere} from '../../report/terminal/question.ts'
import {describeRun, newsOf, type RunJson, sayRest, toRunJson, toStatus} from '../../report/terminal/run-reports.ts'
import {runSchedule} from '../../run-schedule.ts'
import type {PostmultiCommand} from './base.ts'
import {yesFlag} from './change.ts'
import {confirm} from './confirm.ts'
import {listenForInterrupt, noteChange} from './interrupt.ts'
import {askBeforeStart} from './pre-start.ts'
import {
  allFlag,
  jobsFlag,
  mustBeSaid,
  optionalNames,
  scopeFlags,
  type WithoutFlags,
  withoutPluginFlags,
} from './scope.ts'

export const iterateArgs = {name: optionalNames}
export const iterateFlags = {...scopeFlags, jobs: jobsFlag}
const unitFlags = {
  systemd: Flags.boolean({
    allowNo: true,
    description: 'By units of systemd, or with --no-systemd directly; absent, where systemd runs.',
  }),
}
export const reloadFlags = {...iterateFlags, ...unitFlags}
export const startFlags = {...reloadFlags, ...withoutPluginFlags}
export const stopFlags = {...reloadFlags, all: allFlag, ...yesFlag}

/** Whatever class main.cf puts them into. */
const stopWords = ['stop', 'abort', 'drain']

/** Absent is no, or none. */
interface IterateOptions extends WithoutFlags {
  all?: boolean
  jobs?: number | undefined
  yes?: boolean
  systemd?: boolean | undefined
}

/** What --json prints. */
export interface RunResults {
  results: RunJson[]
  interrupted: boolean
}

interface Targets {
  primary: Primary
  classes: CommandClasses
  list: InstanceList
  choice: Choice
  /** Those of the choice that were asked for by name. */
  named: Instance[]
}

interface RoundOptions {
  jobs?: number | undefined
  systemd?: boolean | undefined
  interrupted: AbortSignal
  loudness?: Loudness
}

/** One word of postfix(1) with its arguments. */
export async function runWord(
  command: PostmultiCommand,
  words: string[],
  scope: Selection[],
  {all = false, jobs, yes = false, systemd, ...leaving}: IterateOptions,
): Promise<RunResults> {
  const [word = ''] = words
  const targets = readTargets(command, scope)
  checkMayUsePostfix()
  if (stopWords.includes(word) || classOf(word, targets.classes) === 'stop') mustBeSaid(word, scope, {all})
  const {taking: instances, denied} = settleTold(command, word, targets)
  if (classOf(word, targets.classes) === 'stop') await confirmRuns(capitalised(word), instances, yes)
  const {signal: interrupted, forget} = listenForInterrupt()
  const {taking, refused} =
    word === 'start' ? await withoutRefused(command, instances, targets, leaving) : {taking: instances, refused: []}
  const reports = await runRound(command, words, taking, targets, {jobs, systemd, interrupted})
  forget()
  return reportRuns(command, [...denials(denied, word), ...refused, ...reports], word, targets, interrupted)
}

/**
 * Check, stop, start: an instance that does not pass the check keeps running, and what is stopped when an interruption
 * comes, or after a stop that failed, is started again.
 */
export async function restart(
  command: PostmultiCommand,
  scope: Selection[],
  {all = false, jobs, yes = false, systemd, ...leaving}: IterateOptions,
): Promise<RunResults> {
  mustBeSaid('restart', scope, {all})
  const targets = readTargets(command, scope)
  checkMayUsePostfix()
  // What is stopped here must start again, and a disabled one does not.
  const {taking: running} = settleTold(command, 'stop', {...targets, named: []})
  await confirmRuns('Restart', running, yes)
  const {taking: instances, refused} = await withoutRefused(command, running, targets, leaving)
  const {signal: interrupted, forget} = listenForInterrupt()
  const isWell = (reports: RunReport[], instance: Instance): boolean =>
    reports.every((each) => each.instance !== instance || each.status === 0)
  const checks = await runRound(command, ['check'], instances, targets, {jobs, interrupted, loudness: 'failures'})
  const sound = instances.filter((each) => isWell(checks, each))
  const stops = await runRound(command, ['stop'], sound, targets, {jobs, systemd, interrupted})
  const stopped = sound.filter((each) => stops.some((stop) => stop.instance === each && hasEnded(stop)))
  const whatever = new AbortController().signal
  const starts = await runRound(command, ['start'], stopped, targets, {jobs, systemd, interrupted: whatever})
  forget()
  const failures = [...refused, ...checks, ...stops].filter(({status}) => status !== 0)
  const denied = targets.named.filter((each) => !each.multi_instance_enable)
  const reports = [
    ...denials(denied, 'restart'),
    ...failures.filter(({instance}) => starts.every((each) => each.instance !== instance)).map(toTypeAgain),
    ...starts.map((each) => withNews(each, stops)),
  ]
  return reportRuns(command, reports, 'restart', targets, interrupted)
}

/** Those that site plugins let start, and reports on the others. */
async function withoutRefused(
  command: PostmultiCommand,
  instances: Instance[],
  targets: Targets,
  leaving: WithoutFlags,
): Promise<{taking: Instance[]; refused: RunReport[]}> {
  const {refused, remarks} = await askBeforeStart(instances, targets, leaving)
  for (const each of remarks) command.remark(remarkOn(each))
  if (!command.jsonEnabled()) for (const each of refused) process.stderr.write(`${describeRun(each)}\n`)
  return {taking: instances.filter((each) => refused.every(({instance}) => instance !== each)), refused}
}

export function readTargets(command: PostmultiCommand, scope: Selection[]): Targets {
  const {primary, list: all} = command.readHost()
  const list = settleList(all, primary)
  // Of the others none is at odds any more.
  claimAll({primary: list.primary, secondaries: []}, sharedDirectories(primary))
  const byName = scope.filter(({by}) => by === 'name')
  const named = choose(list, byName).instances
  return {primary, classes: commandClasses(primary), list, choice: choose(list, scope), named}
}

/** Those that are run, in start order. It is said which ones do not, or get another one. */
function settleTold(command: PostmultiCommand, word: string, {choice, named, classes}: Targets): SettledTargets {
  const running = choice.instances.filter((each) => !each.multi_instance_enable && hasMaster(each))
  const settled = settleTargets(choice, named, word, classes, running)
  for (const each of settled.remarks) command.remark(each)
  return settled
}

/** Not for programs, and not for a single instance. */
export async function confirmRuns(what: string, instances: Instance[], yes: boolean): Promise<void> {
  if (yes || instances.length < 2 || !isAnybodyThere()) return
  const names = instances.map((each) => withoutControls(label(each)))
  process.stderr.write(`${inColumns(names, process.stderr.columns).join('\n')}\n`)
  await confirm(`${what} these ${instances.length} instances?`)
}

/** Runs it for every instance. */
async function runRound(
  command: PostmultiCommand,
  words: string[],
  instances: Instance[],
  {primary, classes, list}: Targets,
  {jobs = availableParallelism(), systemd, interrupted, loudness = 'all'}: RoundOptions,
): Promise<RunReport[]> {
  const [word = ''] = words
  const runs = planRuns(instances, words, classes, 'all')
  const schedule = planSchedule(runs, classOf(word, classes), primary.instance.config_directory)
  const names = runs.map(({instance}) => label(instance))
  const manner = {caller: callerEnvironment(primary), merged: command.jsonEnabled()}
  const {finish, ...watching} = showProgress(names, word, manner.merged ? 'nothing' : loudness)
  const units = usesUnits(systemd) ? actingUnits(list) : new Map<string, ActingUnit>()
  const runOne = ({run}: ScheduledRun): Promise<RunOutcome> => {
    const unit = units.get(run.instance.config_directory)
    return runPostfix(run.words, run.instance, primary, {...manner, unit})
  }
  const reports = await runSchedule(schedule, runOne, {jobs, interrupted, ...watching})
  finish()
  if (word !== 'check') noteChange()
  return reports
}

/** Prints what was said, in start order, unless it is said already; sets the exit status. */
export function reportRuns(
  command: PostmultiCommand,
  reports: RunReport[],
  word: string,
  {list, choice}: Targets,
  interrupted: AbortSignal,
  {isSaid = false} = {},
): RunResults {
  const unreadable = choice.damaged.map((each) => withoutRun(each, word, `cannot be read: ${describeDamage(each)}`, 1))
  const leftAlone = choice.instances
    .filter((each) => reports.every(({instance}) => instance !== each))
    .map((each) => withoutRun(each, word, 'disabled', 0))
  const places = allListed(list)
  const all = [...reports, ...unreadable, ...leftAlone].sort(
    (one, other) => places.indexOf(one.instance) - places.indexOf(other.instance),
  )
  if (!command.jsonEnabled()) for (const each of isSaid ? unreadable : all) sayRest(each)
  command.status ||= toStatus(all)
  return {results: all.map(toRunJson), interrupted: interrupted.aborted}
}

/** postfix(1) refuses all others, in two lines for each instance. */
function checkMayUsePostfix(): void {
  if (realUserId() !== 0) throw new Refusal('Only root can use postfix(1)', {forRoot: true})
}

function denials(instances: readonly Instance[], word: string): RunReport[] {
  return instances.map((each) => withoutRun(each, word, 'disabled', 1))
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function hasMaster(instance: Instance): boolean {
  return readRunning([instance]).get(instance.config_directory) !== null
}

/** Whatever its stop said; one that was not tried, because of an interruption, is none. */
function hasEnded({instance, status, skipped}: RunReport): boolean {
  return status === 0 || (skipped === null && !isDamaged(instance) && !hasMaster(instance))
}

/** What did not stop goes on, and has not been restarted. */
function toTypeAgain(report: RunReport): RunReport {
  if (report.word !== 'stop' || report.suggestions.length === 0 || isDamaged(report.instance)) return report
  return {...report, suggestions: [suggest`postmulti instances restart ${operandOf(report.instance)}`]}
}

/** With what was said while it was stopped. */
function withNews(start: RunReport, stops: readonly RunReport[]): RunReport {
  const news = stops.filter(({instance}) => instance === start.instance).map(newsOf)
  return {...start, stderr: Buffer.concat([...news, start.stderr])}
}
