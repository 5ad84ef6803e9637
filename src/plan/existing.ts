/**
 * The one listed instance that a change is about.
 * Source: select_existing_instance() in postmulti.c.
 */
import {cannotBeRead} from '../model/cannot-be-read.ts'
import {claimAll} from '../model/claims.ts'
import {Refusal} from '../model/errors.ts'
import type {Host} from '../model/facts.ts'
import {type Damaged, damaged, type Instance} from '../model/instance.ts'
import {noInstance} from '../model/no-instance.ts'
import {type Selection, select} from '../model/selection.ts'

/** The first match in start order. */
export function findExisting(target: Selection | undefined, host: Host): Instance {
  claimAll(host.list, host.shared)
  if (target?.by !== 'name') throw new Refusal("Select an instance via '-i name'")
  const found = select(host.list, target)[0]
  if (found !== undefined) return found
  const broken = findDamaged(target, host)
  if (broken !== undefined) throw cannotBeRead(broken)
  throw noInstance(target.name, host.list)
}

/** The listed instance with this config_directory, when it cannot be read. */
export function findDamaged(target: Selection | undefined, host: Host): Damaged | undefined {
  return target?.by === 'name' ? damaged(host.list).find((each) => each.config_directory === target.name) : undefined
}
