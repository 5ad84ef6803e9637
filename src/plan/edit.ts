/** A main.cf or master.cf that somebody has edited by hand. Postfix knows no such command. */

import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import {fromBytes, splitWords} from '../model/base/text.ts'
import {findListed} from '../model/change/existing.ts'
import type {EditFacts, Host, ListedFacts} from '../model/change/facts.ts'
import type {Effect, Plan, Step} from '../model/change/plan.ts'
import type {EditRequest} from '../model/change/request.ts'
import {claimAll} from '../model/instance/claims.ts'
import {type Instance, type InstanceList, isDamaged, type Listed, operandOf} from '../model/instance/instance.ts'
import {parseMainCf} from '../model/main-cf/lines.ts'
import {findEffects} from './effects.ts'
import {
  checkKinds,
  findUnreadableOptions,
  findUnreadableValues,
  settingsIn,
  type Unreadable,
} from './kinds-of-values.ts'
import {findAll} from './list.ts'

export function planEdit(request: EditRequest, host: Host, facts: EditFacts): Plan {
  const target = findListed(request.target, host)
  const {config_directory} = target
  const path = `${config_directory}/${request.file}`
  const {becomes, now, mode, owner} = facts
  if (now !== request.was) {
    throw new Refusal(`${path} has changed while it was being edited`, {
      kind: 'conflict',
      suggestions: [suggest`postmulti instances edit ${operandOf(target)}`],
    })
  }
  const plan: Plan = {request, config_directory, before: host.list, after: host.list, steps: [], warnings: []}
  if (request.becomes === request.was) return plan
  const {force} = request
  const warnings = checkKinds(findInText(request, facts), force)
  const steps: Step[] = [{do: 'write file', path, bytes: request.becomes, mode, owner}]
  // What that comes to is not known, and the engine refuses it.
  if (isDamaged(becomes)) return {...plan, steps, warnings}
  const after = withEdited(request, target, becomes, host, facts)
  claimAll(after, host.shared)
  const also = [...findEffects(host.list, after), ...findInit(request, target, host)]
  return {...plan, after, also, steps, warnings}
}

/** What of the new text a program of Postfix ends at. */
function findInText({file, was, becomes}: EditRequest, {known, settings}: EditFacts): Unreadable[] {
  if (file === 'master.cf') return findUnreadableOptions(becomes, was, settings, known)
  const before = settingsIn(was)
  const after = settingsIn(becomes)
  return findUnreadableValues(new Map([...after].filter(([name, value]) => before.get(name) !== value)), after, known)
}

function withEdited(
  request: EditRequest,
  target: Listed,
  becomes: Instance,
  host: Host,
  {listed}: ListedFacts,
): InstanceList {
  const {primary, secondaries} = host.list
  if (primary !== target) {
    return {primary, secondaries: secondaries.map((each) => (each === target ? becomes : each))}
  }
  const wanted = newlyListed(request)
  return {primary: becomes, secondaries: wanted === undefined ? secondaries : findAll(wanted, host.list, listed)}
}

/** The list as the text of main.cf has it from now on; undefined where it stays. */
export function newlyListed(request: EditRequest): string[] | undefined {
  const wanted = findNew('multi_instance_directories', request)
  return wanted === undefined ? undefined : splitWords(fromBytes(wanted))
}

/** The wrapper is the business of init. */
function findInit(request: EditRequest, target: Listed, {list}: Host): Effect[] {
  const isInit = target === list.primary && findNew('multi_instance_wrapper', request) !== undefined
  return isInit ? [{action: 'init', subjects: [target.config_directory]}] : []
}

/** What the text says of it; undefined where that is what it said before. */
function findNew(name: string, {file, was, becomes}: EditRequest): string | undefined {
  if (file !== 'main.cf') return undefined
  const valueIn = (text: string): string =>
    parseMainCf(text).entries.findLast((each) => each.name === name)?.value ?? ''
  return valueIn(was) === valueIn(becomes) ? undefined : valueIn(becomes)
}
