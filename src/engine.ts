/**
 * The one path of every life-cycle change, however it was asked for. Read this file first.
 *   lock, recover, load, gather, plan, validate, ask pre-*, (dry run: stop), apply, ask post-*, outcome
 * Source: manage() in postmulti.c for the order; lock, journal, plan and hooks are ours.
 */
import {actions, type Sources} from './actions.ts'
import {apply, recover} from './apply/apply.ts'
import {describeUnfinished, examineJournal} from './apply/examine.ts'
import {readHistory, readWholeChange} from './apply/history.ts'
import {describeCaller} from './apply/journal.ts'
import {type Lock, takeLock} from './apply/lock.ts'
import {runProgram} from './apply/run-program.ts'
import {runTool} from './apply/run-tool.ts'
import {checkPrograms} from './apply/steps.ts'
import {type Ask, describeFinding, type PluginAnswers, type PluginFinding} from './ask.ts'
import {checkRootsOwn} from './hooks/trust.ts'
import {Refusal, ToolFailure} from './model/base/errors.ts'
import {stateDirectory} from './model/base/places.ts'
import {asFailure} from './model/base/system-error.ts'
import {findExisting, findTargets} from './model/change/existing.ts'
import type {Host} from './model/change/facts.ts'
import type {Beginning, ChangeHistory, PastChange, WholeChange} from './model/change/past.ts'
import type {Plan, Step} from './model/change/plan.ts'
import type {ExistingRequest, InitRequest, Request} from './model/change/request.ts'
import {
  allListed,
  damaged,
  describeDamage,
  type InstanceList,
  isDamaged,
  type Listed,
} from './model/instance/instance.ts'
import type {Examination} from './model/survey/examination.ts'
import {findCreated, isAlreadySo, isInitialised} from './plan/already.ts'
import {findRewritten} from './plan/rewritten.ts'
import {besidesUndo} from './plan/undo.ts'
import {findWithOtherUnit, withReload, withUnits} from './plan/units.ts'
import type {Primary} from './postfix/reader/primary.ts'
import {holdStopped} from './postfix/state/running.ts'
import {readBecoming} from './postfix/survey/becoming.ts'
import {isRunning, readHost, readPresentFacts} from './postfix/survey/facts.ts'
import {preview} from './postfix/survey/preview.ts'
import {readUnitFiles, usesUnits} from './postfix/systemd/units.ts'
import {
  type AskedBefore,
  askAll,
  askBefore,
  checkRefusals,
  isAsShown,
  type Question,
  questionAbout,
} from './questions.ts'

export {remarkOn} from './ask.ts'
export {askPlugins} from './hooks/bridge.ts'

export interface Tools {
  ask: Ask
  /** A line for the user that does not refuse. */
  warn(text: string): void
  /** A line that is not said again when the same is planned once more. */
  remark(text: string): void
  /** What one of Postfix's programs printed on stderr, as it printed it. */
  passOn(text: string): void
  /** Asked as postmulti(1) is: what that tells of instances that a request is not about, and refuses, we do, too. */
  classic?: true
  /** What these rules find on the host; only for a fix. */
  check?: Sources['check']
}

export interface Outcome {
  plan: Plan
  /** False for a dry run, and when there was nothing to do. */
  applied: boolean
  /** What site plugins found worth saying. */
  findings: PluginFinding[]
  /** Why one could not do its part after the change. */
  failures: PluginFinding[]
  /** What Postfix's own program prints on stdout for the same change; empty when it was not applied. */
  printed: string
  /** What plugins were asked and have answered before the change, for `shown`. */
  asked?: AskedBefore
}

export interface PerformOptions {
  dryRun?: boolean
  /** Also for a dry run: the change itself is going to follow, and what a killed one has left is taken back before it. */
  lock?: boolean
  /** A change that is already there is skipped. */
  ifNeeded?: boolean
  /** Site plugins that are not asked, and why, for the history. */
  without?: readonly string[]
  reason?: string | undefined
  /** For a dry run: what will have been carried out by then, oldest first. */
  earlier?: readonly Plan[]
  /**
   * The dry run that was shown before. When the plan is the same, and all that plugins looked at, they are not asked again;
   * otherwise nothing is done, and the plan of now is to be shown.
   */
  shown?: Outcome | undefined
  /** Whether units of systemd follow; absent, where systemd runs. */
  systemd?: boolean | undefined
}

/** `readPrimary` is called with the lock in hand, so that nothing it says is out of date. */
export async function perform(
  request: Request,
  readPrimary: () => Primary,
  tools: Tools,
  manner: PerformOptions = {},
): Promise<Outcome> {
  const {dryRun = false, lock = !dryRun, without = [], reason, earlier = [], shown, systemd} = manner
  const locked = lock ? await lockHost(request, tools) : goWithoutLock(tools)
  try {
    const primary = readPrimary()
    const followed = (plan: Plan): Plan => (usesUnits(systemd) ? letUnitsFollow(plan) : plan)
    const {passOn, check = () => [], classic = false} = tools
    const sources = {primary, passOn, check, classic, gone: []}
    const plan = followed(planChange(request, sources, tools, manner))
    if (plan.steps.length === 0) return {plan, applied: false, findings: [], failures: [], printed: ''}
    // Of a dry run that a change will follow plugins hear as of that change.
    const question = questionAbout(plan, primary, dryRun && !lock, stepsOf(earlier))
    const again = shown?.asked !== undefined && isAsShown(shown.asked, plan, question) ? shown.asked : undefined
    const asked = again ?? (await askBefore(plan, question, tools.ask))
    const {answers} = asked
    checkRefusals(answers.findings, tools.warn)
    const settled = takeAlong(plan, [...answers.first, ...answers.last], sources, followed)
    const steps = [...besides(answers.first, settled), ...settled.steps, ...besides(answers.last, settled)]
    const whole = {...settled, steps}
    checkPrograms(whole.steps)
    if (lock && locked instanceof ToolFailure) throw locked
    if (dryRun || locked instanceof ToolFailure || (shown !== undefined && again === undefined)) {
      return {plan: whole, applied: false, findings: answers.findings, failures: [], printed: '', asked}
    }
    const begin = toBeginning(whole, without, reason)
    const printed = await carryOut(whole, begin, primary, locked, tools)
    const {findings, failures} = await askAfterwards(settled, whole, question, begin, primary, locked, tools)
    return {plan: whole, applied: true, findings: [...answers.findings, ...findings], failures, printed}
  } catch (error) {
    // Somebody may change the host during the reading: that it cannot be read then is not our defect.
    throw asFailure(error)
  } finally {
    if (!(locked instanceof ToolFailure)) locked.release()
  }
}

/** Without the right to take the lock a request may still be refused for better reasons, or be a dry run. */
async function lockHost(request: Request, tools: Tools): Promise<Lock | ToolFailure> {
  checkRootsOwn(stateDirectory)
  let lock: Lock
  try {
    lock = await takeLock(stateDirectory, `postmulti ${request.action}`, (holder) =>
      tools.remark(`waiting for ${holder}`),
    )
  } catch (error) {
    if (error instanceof ToolFailure) return error
    throw error
  }
  const recovered = await recover(stateDirectory, {
    runProgram: (program) => runProgram(program, lock.descriptor, tools.passOn),
  })
  if (recovered !== undefined) tools.remark(recovered)
  return lock
}

/** A dry run does not wait. What it sees may be half of a change. */
function goWithoutLock({remark}: Tools): ToolFailure {
  for (const each of describeUnfinished(stateDirectory)) remark(each)
  return new ToolFailure('take the lock', null, 'no change is made without it')
}

/** What is under way, and what of our records cannot be read. */
export function examineChanges(): Examination[] {
  return examineJournal(stateDirectory)
}

/** What has been changed on this host. */
export function readChanges(): ChangeHistory {
  return readHistory(stateDirectory)
}

/** With what it touched. Refuses an invalid one. */
export function readChange(past: PastChange): WholeChange {
  return readWholeChange(stateDirectory, past)
}

/**
 * The facts are gathered, and planned with. `ifNeeded`: what is so already needs no steps. Only postmulti(1) itself
 * initialises what is initialised.
 */
function planChange(
  request: Request,
  sources: Sources,
  {warn}: Tools,
  {ifNeeded = false, earlier = []}: PerformOptions,
): Plan {
  const {primary, classic} = sources
  const isInit = request.action === 'init'
  // init is for plugins as well, and works whatever is wrong with a secondary.
  const now = readHost(primary, classic && !isInit ? sources.passOn : () => {})
  const host = {...now, list: earlier.at(-1)?.after ?? now.list}
  for (const each of !isInit && (classic || mayMeanAny(request)) ? damaged(host.list) : []) {
    warn(`skipping instance ${each.config_directory}: ${describeDamage(each)}`)
  }
  const isSo = isInit
    ? (ifNeeded || !classic) && isInitialised(request, ownSwitches(primary))
    : ifNeeded && isAlready(request, host)
  if (isSo) {
    return planNothing(
      request,
      host.list,
      changesEnabled(request) ? findExisting(request.target, host).config_directory : '',
    )
  }
  const plan = actions[request.action].plan(request, host, sources)
  if (!classic) checkValidity(plan, primary, warn, stepsOf(earlier))
  return plan
}

/** What the primary's main.cf says itself. */
function ownSwitches({setting}: Primary): Parameters<typeof isInitialised>[1] {
  return {
    multi_instance_wrapper: setting('multi_instance_wrapper'),
    multi_instance_enable: setting('multi_instance_enable'),
  }
}

function isAlready(request: Exclude<Request, InitRequest>, host: Host): boolean {
  const created = request.action === 'create' ? findCreated(request, host) : undefined
  const instances =
    request.action === 'set' ? findTargets(request.targets, host) : created === undefined ? [] : [created]
  return isAlreadySo(request, host, readPresentFacts(instances, created !== undefined))
}

/**
 * Refuses a plan after which Postfix would not start, as far as it does now. What a change is taken back to was so before,
 * and is a warning. postmulti(1) looks at nothing.
 */
function checkValidity(plan: Plan, primary: Primary, warn: Tools['warn'], earlier: readonly Step[]): void {
  const {request, before, steps} = plan
  const isUndo = request.action === 'undo'
  const isForced = request.action === 'set' && request.force === true
  for (const each of findRewritten(plan)) {
    const becomes = readBecoming(each, [...earlier, ...steps], primary, isUndo ? () => {} : warn)
    if (!isDamaged(becomes)) continue
    const message = `Postfix would not start with this: ${describeDamage(becomes)}`
    const mayBeSoNow = request.action !== 'edit' && allListed(before).some((one) => one.config_directory === each)
    const now = mayBeSoNow ? readBecoming(each, earlier, primary, () => {}) : undefined
    // Nothing could be done on a host whose primary cannot be read.
    if (isUndo || (isForced && each !== primary.instance.config_directory)) warn(message)
    else if (now === undefined || !isDamaged(now) || now.reason !== becomes.reason) throw new Refusal(message)
  }
}

/** What plugins remove of an instance that is destroyed does not keep its directories. */
function takeAlong(plan: Plan, wanted: readonly Step[], sources: Sources, followed: (plan: Plan) => Plan): Plan {
  const {request} = plan
  const gone = wanted.flatMap((each) => (each.do === 'remove' ? each.path : []))
  if (request.action !== 'destroy' || gone.length === 0) return plan
  return followed(
    actions.destroy.plan(
      request,
      readHost(sources.primary, () => {}),
      {...sources, gone},
    ),
  )
}

/** What check mends is what it has found, and init is about the primary alone. */
function letUnitsFollow(plan: Plan): Plan {
  const {
    request: {action},
    before,
    after,
  } = plan
  if (action === 'init' || (plan.steps.length === 0 && !changesEnabled(plan.request))) return plan
  const units = readUnitFiles([before, after].flatMap(allListed))
  if (action === 'fix') return withReload(plan, units)
  return withUnits(plan, units, findWithOtherUnit(plan, units).filter(isRunning))
}

/** Without what the plan does anyway. */
function besides(wanted: readonly Step[], plan: Plan): Step[] {
  const removed = plan.steps.flatMap((each) => (each.do === 'remove' ? each.path : []))
  return besidesUndo(wanted, plan).filter(
    (each) => each.do !== 'remove' || !removed.some((path) => `${each.path}/`.startsWith(`${path}/`)),
  )
}

/** What is new must not have what another one has, and a group may have members that cannot be read. */
function mayMeanAny(request: Request): boolean {
  if (request.action === 'set') return request.targets.some(({by}) => by !== 'name')
  return request.action === 'create' || request.action === 'import'
}

/** Where the instance needs no change, its unit may need one. */
function changesEnabled(request: Request): request is ExistingRequest {
  return request.action === 'enable' || request.action === 'disable'
}

/** `config_directory` of the instance whose unit may be otherwise. */
function planNothing(request: Request, list: InstanceList, config_directory = ''): Plan {
  return {request, config_directory, before: list, after: list, steps: [], warnings: []}
}

/** It has happened: that plugins cannot be asked then is told. `whole` is the plan with what they have added to it. */
async function askAfterwards(
  plan: Plan,
  whole: Plan,
  question: Question,
  begin: Beginning,
  primary: Primary,
  lock: Lock,
  tools: Tools,
): Promise<Pick<PluginAnswers, 'findings' | 'failures'>> {
  try {
    // What they have added is done as well: no look ahead any more.
    const now = preview({...plan, steps: []}, primary)
    const answers = await askAll('post', plan, {...question, ...now}, tools.ask)
    return {findings: answers.findings, failures: await finish(whole, begin, answers, primary, lock, tools)}
  } catch (error) {
    return {findings: [], failures: [failureFinding(error, '', 'plugins could not be asked after it: ')]}
  }
}

/** What plugins want to be done after the change is a change of its own. What goes wrong is told: nothing is undone. */
async function finish(
  plan: Plan,
  begin: Beginning,
  {first, last, failures}: PluginAnswers,
  primary: Primary,
  lock: Lock,
  tools: Tools,
): Promise<PluginFinding[]> {
  const steps = besidesUndo([...first, ...last], plan)
  if (steps.length === 0 && failures.length === 0) return []
  const afterwards = {failures: failures.map(describeFinding)}
  try {
    await carryOut({...plan, steps}, {...begin, began: new Date().toISOString(), afterwards}, primary, lock, tools)
    return failures
  } catch (error) {
    return [...failures, failureFinding(error, steps.flatMap(({by}) => by ?? [])[0] ?? '')]
  }
}

function failureFinding(thrown: unknown, plugin: string, about = ''): PluginFinding {
  const error = asFailure(thrown)
  if (!(error instanceof ToolFailure || error instanceof Refusal)) throw error
  return {plugin, verdict: 'warn', message: about + error.message, rule: null, suggestions: [], instance: null}
}

function toBeginning(
  {request, config_directory, effect, also = []}: Plan,
  without: readonly string[],
  reason: string | undefined,
): Beginning {
  return {
    request,
    config_directory,
    ...describeCaller(),
    ...(effect === undefined ? {} : {effect}),
    ...(also.length === 0 ? {} : {also}),
    ...(without.length === 0 ? {} : {without: [...without]}),
    ...(reason === undefined ? {} : {reason}),
  }
}

/** Returns what Postfix's own program prints for it. */
async function carryOut(plan: Plan, begin: Beginning, primary: Primary, lock: Lock, tools: Tools): Promise<string> {
  const {request, config_directory, steps} = plan
  const removesQueue = request.action === 'destroy' || request.action === 'undo'
  const stopped = removesQueue ? holdStopped(queueOfTarget(plan)) : undefined
  if (stopped?.stopped === false) throw new Refusal(`Instance '${config_directory}' is not stopped`, {kind: 'conflict'})
  const printed: string[] = []
  try {
    const left = await apply(stateDirectory, begin, steps, {
      run: (command, ...words) => runTool(primary, command, words, lock.descriptor, tools.passOn),
      runProgram: (program) => runProgram(program, lock.descriptor, tools.passOn),
      print: (text) => void printed.push(text),
      warn: tools.warn,
      meta_directory: primary.parameter('meta_directory'),
      mail_owner: primary.parameter('mail_owner'),
      setgid_group: primary.parameter('setgid_group'),
    })
    for (const each of left) tools.warn(each)
    return printed.join('')
  } finally {
    stopped?.release()
  }
}

function queueOfTarget({before, after, config_directory}: Plan): string {
  const isTarget = (each: Listed): boolean => each.config_directory === config_directory
  const target = after.secondaries.some(isTarget) ? undefined : before.secondaries.find(isTarget)
  return target !== undefined && 'queue_directory' in target ? target.queue_directory : ''
}

function stepsOf(plans: readonly Plan[]): Step[] {
  return plans.flatMap(({steps}) => steps)
}
