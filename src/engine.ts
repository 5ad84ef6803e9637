/**
 * The one path of every life-cycle change, however it was asked for. Read this file first.
 *   lock, recover, load, facts, plan, ask pre-*, (dry run: stop), apply, ask post-*, outcome
 * Source: manage() in postmulti.c for the order; lock, journal, plan and hooks are ours.
 */
import {apply, recover} from './apply/apply.ts'
import {describeUnfinished, examineJournal} from './apply/examine.ts'
import {readHistory, readPresent, readWholeChange} from './apply/history.ts'
import {describeCaller} from './apply/journal.ts'
import {type Lock, takeLock} from './apply/lock.ts'
import {runProgram} from './apply/run-program.ts'
import {runTool} from './apply/run-tool.ts'
import {checkPrograms, describeStep} from './apply/steps.ts'
import {type Ask, type Asked, describeFinding, type PluginAnswers, type PluginFinding} from './ask.ts'
import {checkRootsOwn} from './hooks/trust.ts'
import {Refusal, ToolFailure} from './model/base/errors.ts'
import {stateDirectory} from './model/base/places.ts'
import {asFailure} from './model/base/system-error.ts'
import {allToLatin1} from './model/base/text.ts'
import type {Host, NewInstanceFacts, SettingFacts} from './model/change/facts.ts'
import type {Finding as Flaw} from './model/change/finding.ts'
import type {Beginning, ChangeHistory, PastChange, WholeChange} from './model/change/past.ts'
import type {Plan, Step} from './model/change/plan.ts'
import type {Action, ExistingRequest, Request} from './model/change/request.ts'
import {damaged, describeDamage, type Instance, type InstanceList, type Listed} from './model/instance/instance.ts'
import {editMainCf} from './model/main-cf/editor.ts'
import type {Examination} from './model/survey/examination.ts'
import {isAlreadySo, isInitialised} from './plan/already.ts'
import {planCreateOrImport} from './plan/create-or-import.ts'
import {findRemovalTarget, planDestroyOrDeport, type RemovalRequest} from './plan/destroy-or-deport.ts'
import {planEdit} from './plan/edit.ts'
import {findExisting, findListed} from './plan/existing.ts'
import {planFix} from './plan/fix.ts'
import {settleNewInstance} from './plan/new-instance.ts'
import {planReorder} from './plan/reorder.ts'
import {planSet} from './plan/set.ts'
import {besidesUndo, findParts, findPast, findUndoneInstance, joinParts, planUndo} from './plan/undo.ts'
import {withReload, withUnits} from './plan/units.ts'
import {planAssign, planInit, planSwitch} from './plan/update.ts'
import {knownParameters} from './postfix/parameters/known-parameters.ts'
import {validate, validateEdit} from './postfix/parameters/validate.ts'
import {readInstanceList} from './postfix/reader/list.ts'
import {readOwnSettings, readServices} from './postfix/reader/own-settings.ts'
import type {Primary} from './postfix/reader/primary.ts'
import {holdStopped} from './postfix/state/running.ts'
import {isRunning, readFileFacts, readHost, readNewInstanceFacts, readRemovalFacts} from './postfix/survey/facts.ts'
import {preview} from './postfix/survey/preview.ts'
import {readUnits, usesUnits} from './postfix/systemd/units.ts'

export {remarkOn} from './ask.ts'
export {askPlugins} from './hooks/bridge.ts'

type EventWord = Exclude<Action, 'edit' | 'reorder' | 'undo' | 'fix'>

type Question = Omit<Asked, 'event' | 'subjects'>

export interface Tools {
  ask: Ask
  /** A line for the user that is no refusal. */
  warn(text: string): void
  /** A line that is not said again when the same is planned once more. */
  remark(text: string): void
  /** What one of Postfix's programs printed on stderr, as it printed it. */
  passOn(text: string): void
  /** Asked as postmulti(1) is: what that tells of instances that a request is not about, and refuses, we do, too. */
  classic?: true
  /** What these rules find on the host; only for a fix. */
  check?(rules: readonly string[], primary: Primary, list: InstanceList): Flaw[]
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
}

export interface PerformOptions {
  dryRun?: boolean
  /** Also for a dry run: the change itself is going to follow, and what a killed one has left is taken back before it. */
  lock?: boolean
  /** What is so already is left alone. */
  ifNeeded?: boolean
  /** Site plugins that are not asked, and why, for the history. */
  without?: readonly string[]
  reason?: string | undefined
  /** For a dry run: what will have been carried out by then, oldest first. */
  earlier?: readonly Plan[]
  /** Whether units of systemd follow; absent, where systemd runs. */
  systemd?: boolean | undefined
}

/** `readPrimary` is called with the lock in hand, so that nothing it says is out of date. */
export async function perform(
  request: Request,
  readPrimary: () => Primary,
  tools: Tools,
  {dryRun = false, lock = !dryRun, ifNeeded = false, without = [], reason, earlier = [], systemd}: PerformOptions = {},
): Promise<Outcome> {
  const locked = lock ? await lockHost(request, tools) : goWithoutLock(tools)
  try {
    const primary = readPrimary()
    const followed = (plan: Plan): Plan => (usesUnits(systemd) ? letUnitsFollow(plan) : plan)
    const plan = followed(planChange(request, primary, tools, ifNeeded, earlier))
    if (plan.steps.length === 0) return {plan, applied: false, findings: [], failures: [], printed: ''}
    const question = questionAbout(plan, primary, dryRun, earlier)
    const answers = await askAll('pre', plan, question, tools)
    checkRefusals(answers.findings, tools)
    const settled = takeAlong(plan, [...answers.first, ...answers.last], primary, followed)
    const steps = [...besides(answers.first, settled), ...settled.steps, ...besides(answers.last, settled)]
    const whole = {...settled, steps}
    checkPrograms(whole.steps)
    if (lock && locked instanceof ToolFailure) throw locked
    if (dryRun || locked instanceof ToolFailure) {
      return {plan: whole, applied: false, findings: answers.findings, failures: [], printed: ''}
    }
    const begin = toBeginning(whole, without, reason)
    const printed = await carryOut(whole, begin, primary, locked, tools)
    const {findings, failures} = await askAfterwards(settled, whole, question, begin, primary, locked, tools)
    return {plan: whole, applied: true, findings: [...answers.findings, ...findings], failures, printed}
  } catch (error) {
    // Somebody may change the host while it is looked at: that it cannot be read then is no defect of ours.
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

/** A dry run waits for nobody. What it sees may be half of a change. */
function goWithoutLock({remark}: Tools): ToolFailure {
  for (const each of describeUnfinished(stateDirectory)) remark(each)
  return new ToolFailure('take the lock', null, 'nothing is changed without it')
}

/** What is under way, and what of our records cannot be read. */
export function examineChanges(): Examination[] {
  return examineJournal(stateDirectory)
}

/** What has been changed on this host. */
export function readChanges(): ChangeHistory {
  return readHistory(stateDirectory)
}

/** With what it touched. Refuses one that makes no sense. */
export function readChange(past: PastChange): WholeChange {
  return readWholeChange(stateDirectory, past)
}

/** `ifNeeded`: what is so already needs no steps. Only postmulti(1) itself initialises what is initialised. */
function planChange(
  request: Request,
  primary: Primary,
  tools: Tools,
  ifNeeded: boolean,
  earlier: readonly Plan[],
): Plan {
  if (request.action === 'init') {
    // For plugins: what is wrong with a secondary is of no concern here.
    const list = readInstanceList(primary, () => undefined)
    return (ifNeeded || !tools.classic) && isInitialised(request, primary.setting)
      ? planNothing(request, list)
      : planInit(request, list)
  }
  const now = readHost(primary, tools.classic ? tools.passOn : () => {})
  const host = {...now, list: earlier.at(-1)?.after ?? now.list}
  for (const each of tools.classic || mayMeanAny(request) ? damaged(host.list) : []) {
    tools.warn(`instance ${each.config_directory} is left out: ${describeDamage(each)}`)
  }
  const settings = (instance: Instance) => readOwnSettings(instance.config_directory)
  const services = (instance: Instance) => readServices(instance.config_directory)
  const afterEdit: SettingFacts['validate'] = (instance, set, unset) => {
    const edit = {set: allToLatin1(set), remove: unset}
    return validateEdit(instance, (mainCf) => editMainCf(mainCf, edit), primary, tools.warn)
  }
  if (ifNeeded && isAlreadySo(request, host, {settings, services})) {
    return planNothing(
      request,
      host.list,
      changesEnabled(request) ? findExisting(request.target, host).config_directory : '',
    )
  }
  switch (request.action) {
    case 'create':
    case 'import': {
      const newInstance = settleNewInstance(request, host)
      const {birth} = request
      const source = birth?.like === undefined ? undefined : findExisting(birth.like, host)
      const facts: NewInstanceFacts = {
        ...readNewInstanceFacts(newInstance.instance, primary, birth, source),
        ...(birth === undefined ? {} : {validate: (instance, texts) => validate(instance, texts, primary, tools.warn)}),
      }
      return planCreateOrImport(request, newInstance, host, facts, knownParameters(primary))
    }
    case 'destroy':
    case 'deport':
      return planRemoval({...request, action: request.action}, host, primary)
    case 'assign':
      return planAssign(request, host)
    case 'set':
      return planSet(request, host, knownParameters(primary), {settings, validate: afterEdit})
    case 'edit': {
      const target = findListed(request.target, host)
      return planEdit(request, target, host, {
        ...readFileFacts(`${target.config_directory}/${request.file}`),
        becomes: validate(target, {[request.file]: request.becomes}, primary, tools.warn),
      })
    }
    case 'reorder':
      return planReorder(request, host)
    case 'fix': {
      const rules = request.findings.map(({rule}) => rule)
      return planFix(request, host, {found: tools.check!(rules, primary, host.list), validate: afterEdit})
    }
    case 'undo': {
      const history = readChanges()
      const [main, ...others] = findParts(findPast(history, request.id), history.changes)
      const past = joinParts([readChange(main), ...others.map(readChange)])
      const target = findUndoneInstance(past, host)
      const facts = target === undefined ? undefined : readRemovalFacts(target, 'destroy', primary)
      return planUndo(request, past, readPresent(past), host, facts)
    }
    default:
      return planSwitch({...request, action: request.action}, host, tools)
  }
}

function planRemoval(request: RemovalRequest, host: Host, primary: Primary, gone: readonly string[] = []): Plan {
  const target = findRemovalTarget(request, host)
  return planDestroyOrDeport(request, target, host, readRemovalFacts(target, request.action, primary, gone))
}

/** What plugins remove of an instance that is destroyed does not keep its directories. */
function takeAlong(plan: Plan, wanted: readonly Step[], primary: Primary, followed: (plan: Plan) => Plan): Plan {
  const {request} = plan
  const gone = wanted.flatMap((each) => (each.do === 'remove' ? each.path : []))
  if (request.action !== 'destroy' || gone.length === 0) return plan
  const host = readHost(primary, () => undefined)
  return followed(planRemoval({...request, action: request.action}, host, primary, gone))
}

/** What check mends is what it has found, and init is about the primary alone. */
function letUnitsFollow(plan: Plan): Plan {
  const {action} = plan.request
  if (action === 'init' || (plan.steps.length === 0 && !changesEnabled(plan.request))) return plan
  return action === 'fix' ? withReload(plan, readUnits()) : withUnits(plan, readUnits(), isRunning)
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

/** Where the instance is so already, its unit may be otherwise. */
function changesEnabled(request: Request): request is ExistingRequest {
  return request.action === 'enable' || request.action === 'disable'
}

/** `config_directory` of the instance whose unit may be otherwise. */
function planNothing(request: Request, list: InstanceList, config_directory = ''): Plan {
  return {request, config_directory, before: list, after: list, steps: [], warnings: []}
}

/** One question for all plugins. Looks at the host only when one of them does. */
function questionAbout(plan: Plan, primary: Primary, dryRun: boolean, earlier: readonly Plan[]): Question {
  const {request, steps, before, after} = plan
  return {
    request,
    plan: steps.map((each) => ({do: each.do, tell: describeStep(each)})),
    before,
    after,
    dryRun,
    ...preview(plan, primary, stepsOf(earlier)),
  }
}

function stepsOf(plans: readonly Plan[]): Step[] {
  return plans.flatMap(({steps}) => steps)
}

/** About everything that the change comes to, one event after the other. */
async function askAll(when: 'pre' | 'post', plan: Plan, question: Question, tools: Tools): Promise<PluginAnswers> {
  const main = {word: wordOf(plan.effect ?? plan.request.action), subjects: subjectsOf(plan)}
  const also = (plan.also ?? []).map(({action, subjects}) => ({word: wordOf(action), subjects}))
  const all: PluginAnswers[] = []
  for (const {word, subjects} of [main, ...also]) {
    all.push(await tools.ask({...question, subjects, event: `${when}-${word}`}))
  }
  // A plugin that has subscribed to several of them says the same several times.
  return {
    findings: uniqueValues(all.flatMap(({findings}) => findings)),
    first: uniqueValues(all.flatMap(({first}) => first)),
    last: uniqueValues(all.flatMap(({last}) => last)),
    failures: uniqueValues(all.flatMap(({failures}) => failures)),
  }
}

function uniqueValues<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((each) => [JSON.stringify(each), each])).values()]
}

/** Moving an instance in the start order is an assign to plugins, and a file in an editor is a set, as is a fix. */
function wordOf(action: Action): EventWord {
  if (action === 'edit' || action === 'fix') return 'set'
  return action === 'reorder' || action === 'undo' ? 'assign' : action
}

/** All instances that a set or a fix is about; else the one that the plan is about. */
function subjectsOf({request, steps, config_directory}: Plan): string[] {
  if (request.action === 'fix') return [...new Set(request.findings.flatMap(({instances}) => instances))]
  if (request.action !== 'set') return [config_directory]
  return steps.flatMap((each) => (each.do === 'edit main.cf' ? [each.config_directory] : []))
}

/** The first refusal speaks; the others are told before it. */
function checkRefusals(findings: readonly PluginFinding[], {warn}: Tools): void {
  const [first, ...others] = findings.filter(({verdict}) => verdict === 'refuse')
  if (first === undefined) return
  for (const each of others) warn(describeFinding(each))
  const {suggestions, plugin, locked} = first
  throw new Refusal(describeFinding(first), {suggestions, ...(locked ? {} : {plugin})})
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
    const answers = await askAll('post', plan, {...question, ...now}, tools)
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
