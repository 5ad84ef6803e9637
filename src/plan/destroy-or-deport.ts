/**
 * deport and destroy: remove an instance from the list, and for destroy remove what Postfix made of it.
 * Source: the deport and destroy branches of postmulti-script; postmulti(1), "destroy", whose demand that the queue be
 * empty the script does not check.
 */

import {Refusal} from '../model/base/errors.ts'
import {type Suggestion, suggest} from '../model/base/suggestion.ts'
import {typed} from '../model/base/typed.ts'
import {findExisting, findListed} from '../model/change/existing.ts'
import type {Host, RemovalFacts} from '../model/change/facts.ts'
import type {Plan} from '../model/change/plan.ts'
import type {ExistingRequest} from '../model/change/request.ts'
import {cannotBeRead} from '../model/instance/cannot-be-read.ts'
import {
  damaged,
  type Instance,
  type InstanceList,
  isDamaged,
  type Listed,
  label,
  operandOf,
  privateParameters,
} from '../model/instance/instance.ts'
import {checkInitialised, scriptRefusal} from './initialised.ts'
import {editList} from './list.ts'

export type RemovalRequest = ExistingRequest & {action: 'deport' | 'destroy'}

/**
 * Who leaves. Refuses the primary and enabled instances, and to destroy what another one claims, too. An instance that
 * cannot be read may be deported: nothing of it is touched.
 */
export function findRemovalTarget(request: RemovalRequest, host: Host): Listed {
  const found = findListed(request.target, host)
  if (request.action === 'deport' && isDamaged(found)) return found
  const target = findExisting(request.target, host)
  const name = label(target)
  if (target === host.list.primary) {
    throw new Refusal('Cannot remove the primary instance', {
      explained: `${name} is the primary instance, which cannot leave the list`,
    })
  }
  if (target.multi_instance_enable) {
    throw new Refusal('Cannot remove enabled instances', {
      explained: `${name} is enabled, so it was not ${request.action}ed`,
      suggestions: [suggest`postmulti instances disable ${operandOf(target)}`],
    })
  }
  if (request.action === 'destroy') checkUnclaimed(target, host.list)
  return target
}

export function planDestroyOrDeport(request: RemovalRequest, host: Host, facts: RemovalFacts): Plan {
  const target = findRemovalTarget(request, host)
  const {config_directory} = target
  checkInitialised(host)
  const after: InstanceList = {
    primary: host.list.primary,
    secondaries: host.list.secondaries.filter((each) => each !== target),
  }
  const plan: Plan = {request, config_directory, before: host.list, after, steps: [], warnings: []}
  if (request.action === 'destroy' && !facts.hasMainCf)
    throw scriptRefusal(`${config_directory}/main.cf file not found`)
  if (facts.running) {
    throw scriptRefusal(`Instance '${config_directory}' is not stopped`, {
      kind: 'conflict',
      suggestions: isDamaged(target) ? cannotBeRead(target).suggestions : [suggestStop(target)],
    })
  }
  if (isDamaged(target)) {
    return {
      ...plan,
      steps: [editList(host, after, facts.hasMainCf ? {add: config_directory} : {drop: config_directory})],
    }
  }
  if (request.action === 'deport') {
    return {...plan, steps: [editList(host, after, {add: config_directory})]}
  }
  checkNoMail(target, facts.messages, 'it was not destroyed')
  return {
    ...plan,
    steps: [
      editList(host, after, {drop: config_directory}),
      // The configuration first: from then on it cannot be started.
      ...facts.removable.toReversed().map((each) => ({do: 'remove', ...each}) as const),
    ],
    warnings: [
      ...facts.foreign.map((path) => `${path}: please verify contents and remove by hand`),
      ...facts.differing.map(({path, from}) => `${path}: goes as a copy of ${from}, though they differ`),
    ],
  }
}

/** Another one that claims a directory of it may have its mail there. */
function checkUnclaimed(target: Instance, list: InstanceList): void {
  const own = privateParameters.map((each) => target[each])
  const rival = damaged(list).find(({contested}) =>
    privateParameters.some((each) => contested !== undefined && own.includes(contested.instance[each])),
  )
  if (rival === undefined) return
  throw new Refusal(rival.reason, {kind: 'conflict', suggestions: cannotBeRead(rival).suggestions})
}

/** It is named, so its switch does not matter. */
export function suggestStop(instance: Instance): Suggestion {
  return suggest`postmulti instances stop ${operandOf(instance)}`
}

/** Mail is never removed with its queue. `outcome` is what did not happen because of it. */
export function checkNoMail(target: Instance, messages: Record<string, number>, outcome: string): void {
  const filled = Object.entries(messages).filter(([, count]) => count > 0)
  if (filled.length === 0) return
  const total = filled.reduce((sum, [, count]) => sum + count, 0)
  const where = filled.map(([queue, count]) => `${queue} ${count}`).join(', ')
  const select = suggest`postmulti -i ${operandOf(target)}`
  throw new Refusal(
    `Instance '${target.config_directory}' has ${total} ${total === 1 ? 'message' : 'messages'} in its queue (${where}): ` +
      `deliver them (${typed(select)} -e enable, -p start, -p flush) first, or deport it: then they stay`,
    {
      explained: `${label(target)} has ${total} ${total === 1 ? 'message' : 'messages'} in its queue (${where}), so ${outcome}`,
      suggestions: [
        suggest`postmulti queue list --instance ${operandOf(target)}`,
        suggest`postmulti instances enable ${operandOf(target)}`,
        suggest`postmulti instances deport ${operandOf(target)}`,
      ],
    },
  )
}
