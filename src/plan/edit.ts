/** A main.cf or master.cf that somebody has edited by hand. Postfix knows no such command. */

import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import {fromBytes, splitWords} from '../model/base/text.ts'
import type {EditFacts, Host} from '../model/change/facts.ts'
import type {Effect, Plan} from '../model/change/plan.ts'
import type {EditRequest} from '../model/change/request.ts'
import {claimAll} from '../model/instance/claims.ts'
import {
  describeDamage,
  type Instance,
  type InstanceList,
  isDamaged,
  type Listed,
  operandOf,
} from '../model/instance/instance.ts'
import {parseMainCf} from '../model/main-cf/lines.ts'
import {findEffects} from './effects.ts'

export function planEdit(request: EditRequest, target: Listed, host: Host, facts: EditFacts): Plan {
  const {config_directory} = target
  const path = `${config_directory}/${request.file}`
  const {becomes, now, mode, owner} = facts
  if (now !== request.was) {
    throw new Refusal(`${path} has changed while it was being edited`, {
      kind: 'conflict',
      suggestions: [suggest`postmulti instances edit ${operandOf(target)}`],
    })
  }
  const plan = {request, config_directory, before: host.list, after: host.list, steps: [], warnings: []}
  if (request.becomes === request.was) return plan
  if (isDamaged(becomes)) throw new Refusal(`Postfix cannot use this ${request.file}: ${describeDamage(becomes)}`)
  const after = withEdited(request, target, becomes, host)
  claimAll(after, host.shared)
  const also = [...findEffects(host.list, after), ...findInit(request, target, host)]
  return {...plan, after, also, steps: [{do: 'write file', path, bytes: request.becomes, mode, owner}]}
}

function withEdited(request: EditRequest, target: Listed, becomes: Instance, host: Host): InstanceList {
  const {primary, secondaries} = host.list
  if (primary !== target) {
    return {primary, secondaries: secondaries.map((each) => (each === target ? becomes : each))}
  }
  const wanted = findNew('multi_instance_directories', request)
  if (wanted === undefined) return {primary: becomes, secondaries}
  const find = (config_directory: string): Listed =>
    secondaries.find((each) => each.config_directory === config_directory) ?? host.readInstance(config_directory)
  return {primary: becomes, secondaries: splitWords(fromBytes(wanted)).map(find)}
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
