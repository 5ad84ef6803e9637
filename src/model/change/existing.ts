/**
 * The listed instances that a change is about.
 * Source: select_existing_instance() in postmulti.c.
 */

import {Refusal} from '../base/errors.ts'
import {cannotBeRead} from '../instance/cannot-be-read.ts'
import {claimAll} from '../instance/claims.ts'
import {damaged, type Instance, isDamaged, type Listed} from '../instance/instance.ts'
import {noInstance} from '../instance/no-instance.ts'
import {answersTo, type Selection, select} from '../instance/selection.ts'
import type {Host} from './facts.ts'

/** The first match in start order. Refuses one that cannot be read. */
export function findExisting(target: Selection | undefined, host: Host): Instance {
  const found = findListed(target, host)
  if (isDamaged(found)) throw cannotBeRead(found)
  return found
}

/** Of those that cannot be read one that answers to this name, when no other does. */
export function findListed(target: Selection | undefined, host: Host): Listed {
  claimAll(host.list, host.shared)
  if (target?.by !== 'name') throw new Refusal("Select an instance via '-i name'")
  const found = select(host.list, target)[0] ?? damaged(host.list).find((each) => answersTo(target.name, each))
  if (found === undefined) throw noInstance(target.name, host.list)
  return found
}

/** Each one once, in the order in which they were named. */
export function findTargets(selections: readonly Selection[], host: Host): Instance[] {
  return [
    ...new Set(
      selections.flatMap((each) => (each.by === 'name' ? [findExisting(each, host)] : select(host.list, each))),
    ),
  ]
}
