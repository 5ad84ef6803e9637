/**
 * The one path of every life-cycle change, however it was asked for. Read this file first.
 *   lock, recover, load, facts, plan, ask pre-*, (dry run: stop), apply, ask post-*, outcome
 * Source: manage() in postmulti.c for the order; lock, journal, plan and hooks are ours.
 */
import {apply, recover} from './apply/apply.ts'
import {readHistory, readPresent} from './apply/history.ts'
import {type Lock, takeLock} from './apply/lock.ts'
import type {Answers, Ask} from './ask.ts'
import {editMainCf} from './model/editor.ts'
import {Refusal, ToolFailure} from './model/errors.ts'
import type {NewcomerFacts} from './model/facts.ts'
import {damaged, describeDamage, type Instance, type InstanceList, type Listed} from './model/instance.ts'
import type {Beginning, PastChange} from './model/past.ts'
import {stateDirectory} from './model/places.ts'
import type {Plan, Step} from './model/plan.ts'
import type {Request} from './model/request.ts'
import {allToLatin1} from './model/text.ts'
import {isAlreadySo, isInitialised} from './plan/already.ts'
import {planEdit} from './plan/edit.ts'
import {planEnrol} from './plan/enrol.ts'
import {findExisting} from './plan/existing.ts'
import {findLeaver, planLeave} from './plan/leave.ts'
import {settleNewcomer} from './plan/newcomer.ts'
import {planReorder} from './plan/reorder.ts'
import {planSet} from './plan/set.ts'
import {findPast, findUndoneInstance, planUndo} from './plan/undo.ts'
import {planAssign, planInit, planSwitch} from './plan/update.ts'
import {isRunning, readFileFacts, readHost, readLeaverFacts, readNewcomerFacts} from './postfix/facts.ts'
import {knownParameters} from './postfix/known-parameters.ts'
import {readOwnSettings, readServices} from './postfix/own-settings.ts'
import type {Primary} from './postfix/primary.ts'
import {rehearse, rehearseEdit} from './postfix/rehearse.ts'
import {holdStopped} from './postfix/running.ts'
import {runTool} from './postfix/tool.ts'

export interface Tools {
  ask: Ask
  /** A line for the user that is no refusal. */
  warn(text: string): void
  /** What one of Postfix's programs printed on stderr, as it printed it. */
  passOn(text: string): void
}

export interface Outcome {
  plan: Plan
  /** False for a dry run, and when there was nothing to do. */
  applied: boolean
  /** What site plugins found worth saying. */
  findings: Answers['findings']
}

/** `readPrimary` is called with the lock in hand, so that nothing it says is out of date. */
export async function perform(
  request: Request,
  readPrimary: () => Primary,
  tools: Tools,
  {dryRun = false, ifNeeded = false} = {},
): Promise<Outcome> {
  const locked = lockHost(request, tools)
  try {
    const primary = readPrimary()
    const plan = planChange(request, primary, tools, ifNeeded)
    const answers = await tools.ask(`pre-${request.action}`, plan)
    const refusal = answers.findings.find((each) => each.verdict === 'refuse')
    if (refusal !== undefined) {
      throw new Refusal(`${refusal.message} (${refusal.plugin})`, {suggestions: refusal.suggestions})
    }
    const whole = {...plan, steps: [...plan.steps, ...answers.steps]}
    if (dryRun || whole.steps.length === 0) return {plan: whole, applied: false, findings: answers.findings}
    if (locked instanceof ToolFailure) throw locked
    carryOut(whole, whole.steps, primary, locked, tools)
    const afterwards = await tools.ask(`post-${request.action}`, whole)
    if (afterwards.steps.length > 0) carryOut(whole, afterwards.steps, primary, locked, tools)
    return {plan: whole, applied: true, findings: [...answers.findings, ...afterwards.findings]}
  } finally {
    if (!(locked instanceof ToolFailure)) locked.release()
  }
}

/** Without the right to take the lock a request may still be refused for better reasons, or be a dry run. */
function lockHost(request: Request, tools: Tools): Lock | ToolFailure {
  let lock: Lock
  try {
    lock = takeLock(stateDirectory, `postmulti ${request.action}`, (holder) => tools.warn(`waiting for ${holder}`))
  } catch (error) {
    if (error instanceof ToolFailure) return error
    throw error
  }
  const recovered = recover(stateDirectory)
  if (recovered !== undefined) tools.warn(recovered)
  return lock
}

/** What has been changed on this host, oldest first. */
export function readChanges(): PastChange[] {
  return readHistory(stateDirectory)
}

/** `ifNeeded`: what is so already needs no steps. */
function planChange(request: Request, primary: Primary, tools: Tools, ifNeeded: boolean): Plan {
  if (request.action === 'init') {
    const list = {primary: primary.instance, secondaries: []}
    return ifNeeded && isInitialised(request, primary.setting) ? planNothing(request, list) : planInit(request, list)
  }
  const host = readHost(primary, tools.passOn)
  for (const each of damaged(host.list)) {
    tools.warn(`instance ${each.config_directory} is left out: ${describeDamage(each)}`)
  }
  const settings = (instance: Instance) => readOwnSettings(instance.config_directory)
  const services = (instance: Instance) => readServices(instance.config_directory)
  if (ifNeeded && isAlreadySo(request, host, {settings, services})) return planNothing(request, host.list)
  switch (request.action) {
    case 'create':
    case 'import': {
      const newcomer = settleNewcomer(request, host)
      const {birth} = request
      const model = birth?.like === undefined ? undefined : findExisting(birth.like, host)
      const facts: NewcomerFacts = {
        ...readNewcomerFacts(newcomer.instance, primary, birth, model),
        ...(birth === undefined ? {} : {rehearse: (instance, texts) => rehearse(instance, texts, primary, tools.warn)}),
      }
      return planEnrol(request, newcomer, host, facts, knownParameters(primary))
    }
    case 'destroy':
    case 'deport': {
      const leaveRequest = {...request, action: request.action}
      const leaver = findLeaver(leaveRequest, host)
      return planLeave(leaveRequest, leaver, host, readLeaverFacts(leaver, request.action, primary))
    }
    case 'assign':
      return planAssign(request, host)
    case 'set':
      return planSet(request, host, knownParameters(primary), {
        settings,
        rehearse: (instance, set, unset) => {
          const edit = {set: allToLatin1(set), remove: unset}
          return rehearseEdit(instance, (mainCf) => editMainCf(mainCf, edit), primary, tools.warn)
        },
      })
    case 'edit': {
      const target = findExisting(request.target, host)
      return planEdit(request, target, host, {
        ...readFileFacts(`${target.config_directory}/${request.file}`),
        becomes: rehearse(target, {[request.file]: request.becomes}, primary, tools.warn),
      })
    }
    case 'reorder':
      return planReorder(request, host)
    case 'undo': {
      const past = findPast(readHistory(stateDirectory), request.id)
      const leaver = findUndoneInstance(past, host)
      const running = leaver !== undefined && isRunning(leaver)
      return planUndo(request, past, {...readPresent(past), running}, host)
    }
    default:
      return planSwitch({...request, action: request.action}, host)
  }
}

function planNothing(request: Request, list: InstanceList): Plan {
  return {request, config_directory: '', before: list, after: list, steps: [], warnings: []}
}

function carryOut(plan: Plan, steps: readonly Step[], primary: Primary, lock: Lock, tools: Tools): void {
  const {request, config_directory} = plan
  const begin: Beginning = {
    request,
    config_directory,
    began: new Date().toISOString(),
    pid: process.pid,
    uid: process.getuid!(),
    sudoUser: process.env.SUDO_USER ?? null,
  }
  const takesApart = request.action === 'destroy' || request.action === 'undo'
  const stopped = takesApart ? holdStopped(queueOfLeaver(plan)) : undefined
  if (stopped?.stopped === false) throw new Refusal(`Instance '${config_directory}' is not stopped`)
  try {
    apply(stateDirectory, begin, steps, {
      run: (command, ...words) => runTool(primary, command, words, lock.descriptor, tools.passOn),
      meta_directory: primary.parameter('meta_directory'),
      mail_owner: primary.parameter('mail_owner'),
      setgid_group: primary.parameter('setgid_group'),
    })
  } finally {
    stopped?.release()
  }
}

function queueOfLeaver({before, after, config_directory}: Plan): string {
  const isTarget = (each: Listed): boolean => each.config_directory === config_directory
  const target = after.secondaries.some(isTarget) ? undefined : before.secondaries.find(isTarget)
  return target !== undefined && 'queue_directory' in target ? target.queue_directory : ''
}
