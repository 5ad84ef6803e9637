/**
 * What the commands share that change something: the flags of a plan, the question before it, and what is said and
 * returned after it. What a change means is the planners' business.
 */
import {Args, Flags} from '@oclif/core'
import type {PluginFinding} from '../../ask.ts'
import type {Outcome} from '../../engine.ts'
import {quietly, readText} from '../../files/read.ts'
import {toLines} from '../../model/base/suggestion.ts'
import type {Plan} from '../../model/change/plan.ts'
import type {Request} from '../../model/change/request.ts'
import {type Instance, isDamaged, label} from '../../model/instance/instance.ts'
import {overlay} from '../../postfix/survey/overlay.ts'
import {describePlan, type PlanJson, type TryText, toPlanJson} from '../../report/plan.ts'
import {isAnybodyThere} from '../../report/terminal/question.ts'
import {missingYes, type PostmultiCommand, type RequestOptions} from './base.ts'
import {confirm} from './confirm.ts'
import {systemdFlag, type WithoutFlags, withoutPluginFlags} from './scope.ts'

export const planFlags = {
  ...withoutPluginFlags,
  'dry-run': Flags.boolean({char: 'n', description: 'Print the plan, step by step and with diffs; change nothing.'}),
  systemd: systemdFlag,
}

export const changeFlags = {
  ...planFlags,
  'if-needed': Flags.boolean({description: 'Succeed without a change when it is already so.'}),
}

export const yesFlag = {
  yes: Flags.boolean({char: 'y', description: 'Do not ask first.'}),
}

export const nameArgument = Args.string({
  description: "A name (with or without 'postfix-'), a config_directory, or '-' for the primary.",
  required: true,
  ignoreStdin: true,
})

export const requiredNames = Args.string({
  description: "Names (with or without 'postfix-'), config_directories, or '-' for the primary.",
  required: true,
  multiple: true,
  ignoreStdin: true,
})

export interface ChangeFlags extends WithoutFlags {
  /** Absent is no. */
  'dry-run'?: boolean
  systemd?: boolean | undefined
  'if-needed'?: boolean
  yes?: boolean
}

/** What --json prints of a change. */
export interface ChangeJson {
  changed: boolean
  dry_run: boolean
  plan: PlanJson
  findings: FindingJson[]
}

export type FindingJson = Omit<PluginFinding, 'suggestions' | 'locked'> & {suggestions: string[]}

/** What is said of a plan. */
type Told = (plan: Plan) => string

interface ChangeOptions {
  /** What is said where nothing is to be done. */
  nothing?: string
  /** What is planned to happen before, and grows by this. */
  earlier?: Plan[]
  reportFinding?: RequestOptions['reportFinding']
  /** What was planned before, and perhaps answered. */
  shown?: Outcome | undefined
  /** Called where that is not what it has become since, with the plan of now; throws to leave it at that. */
  showAgain?(plan: Plan): Promise<void>
}

/** Plan, or plan and do. `told` says what is so now; it is called only when something has changed. */
export async function change(
  command: PostmultiCommand,
  request: Request,
  flags: ChangeFlags,
  told: Told,
  {nothing = 'Nothing to do.', earlier = [], reportFinding, shown, showAgain}: ChangeOptions = {},
): Promise<ChangeJson> {
  const dryRun = flags['dry-run'] ?? false
  const manner = {...toRequestOptions(flags), dryRun, earlier, reportFinding}
  let outcome = await command.perform(request, {...manner, shown})
  while (shown !== undefined && !outcome.applied && outcome.plan.steps.length > 0) {
    await showAgain?.(outcome.plan)
    shown = outcome
    outcome = await command.perform(request, {...manner, shown})
  }
  if (outcome.plan.steps.length === 0) command.log(nothing)
  else if (dryRun) command.log(`This would be done:\n${await describePlan(outcome.plan, readAfter(earlier))}`)
  else command.log(told(outcome.plan))
  const json = await toPlanJson(outcome.plan, dryRun, readAfter(earlier))
  earlier.push(outcome.plan)
  const findings = [...outcome.findings, ...outcome.failures].map(({locked: _, ...each}) => {
    return {...each, suggestions: toLines(each.suggestions)}
  })
  return {changed: outcome.applied, dry_run: dryRun, plan: json, findings}
}

/** The same, after the question: programs are not asked, but `needsYes` makes them say --yes. */
export async function changeAfterQuestion(
  command: PostmultiCommand,
  request: Request,
  flags: ChangeFlags,
  {told, question, needsYes}: {told: Told; question: Told; needsYes: boolean},
): Promise<ChangeJson> {
  if (flags.yes || flags['dry-run'] || !(needsYes || isAnybodyThere())) return change(command, request, flags, told)
  // What stands against it is worth more than a word that is missing.
  const shown = await planOnly(command, request, flags)
  if (shown.plan.steps.length === 0) return change(command, request, flags, told)
  if (!isAnybodyThere()) throw missingYes(command.lineWith(['--dry-run']))
  const show = async (plan: Plan, what = 'This will be done'): Promise<void> => {
    process.stderr.write(`${what}:\n${await describePlan(plan)}\n`)
    await confirm(question(plan), 'Nothing was changed')
  }
  await show(shown.plan)
  const showAgain = (plan: Plan) => show(plan, 'The host has changed since then. This will be done now')
  return change(command, request, flags, told, {shown, showAgain})
}

/** Plans it without a remark: they come with the change itself. */
export function planOnly(
  command: PostmultiCommand,
  request: Request,
  flags: ChangeFlags,
  earlier: readonly Plan[] = [],
): Promise<Outcome> {
  return command.perform(request, {...toRequestOptions(flags), dryRun: true, lock: true, quiet: true, earlier})
}

function toRequestOptions(flags: ChangeFlags): RequestOptions {
  return {
    ifNeeded: flags['if-needed'] ?? false,
    without: flags['without-plugin'] ?? [],
    reason: flags.reason,
    systemd: flags.systemd,
  }
}

/** Files as these changes will leave them. */
function readAfter(earlier: readonly Plan[]): TryText {
  const steps = earlier.flatMap((each) => each.steps)
  const {read} = overlay(steps, (path) => readText(path, 'latin1'))
  return (path) => quietly(() => read(path))
}

/** The instance that a plan is about, as it will be; as it was when it leaves. */
function subjectOf({config_directory, before, after}: Plan): Instance | undefined {
  const all = [after.primary, ...after.secondaries, before.primary, ...before.secondaries]
  return all.find((each): each is Instance => each.config_directory === config_directory && !isDamaged(each))
}

/** The same, of a plan for one that can be read. */
export function readableSubject(plan: Plan): Instance {
  return subjectOf(plan)!
}

/** What people call the instance that a plan is about. */
export function subjectName(plan: Plan): string {
  const subject = subjectOf(plan)
  return subject === undefined ? plan.config_directory : label(subject)
}
