/** What the commands share that change nothing: the host, and the instances they are asked about. */

import {isRoot} from '../../files/caller.ts'
import {cannotBeRead} from '../../model/instance/cannot-be-read.ts'
import {choose, chooseOne} from '../../model/instance/choice.ts'
import {settleClaims} from '../../model/instance/claims.ts'
import {
  type Damaged,
  damaged,
  describeDamage,
  type Instance,
  type InstanceList,
  label,
} from '../../model/instance/instance.ts'
import type {Selection} from '../../model/instance/selection.ts'
import {lackOf} from '../../postfix/reader/list.ts'
import type {Primary} from '../../postfix/reader/primary.ts'
import type {Unseen} from '../../postfix/state/state.ts'
import {sharedDirectories} from '../../postfix/survey/facts.ts'
import {exitStatus, type PostmultiCommand} from './base.ts'

/** Remarked by commands that go on without it. */
export const needsRoot = 'some of it needs root to be seen'

export interface Chosen {
  primary: Primary
  list: InstanceList
  /** In start order. */
  instances: Instance[]
  damaged: Damaged[]
}

/** Exit status 1 when some of them cannot be read. Refuses when there is none. */
export function chooseInstances(command: PostmultiCommand, selections: readonly Selection[]): Chosen {
  const {primary, list} = readClaimed(command)
  const choice = choose(list, selections)
  if (choice.damaged.length > 0) command.status = exitStatus.failed
  return {primary, list, ...choice}
}

/** The first match. Refuses when there is none that can be read. */
export function chooseInstance(
  command: PostmultiCommand,
  name: string,
): {primary: Primary; list: InstanceList; instance: Instance} {
  const {primary, list} = readClaimed(command)
  const instance = chooseOne(list, name)
  const lack = lackOf(instance)
  if (lack !== undefined) throw cannotBeRead(lack)
  return {primary, list, instance}
}

/** For commands that exist for it: one line, and exit status 1 when it is none that could be looked at. */
export function reportUnseen(command: PostmultiCommand, unseen: Unseen, instances: readonly Instance[]): void {
  const [first, ...others] = instances.filter((each) => unseen.has(each.config_directory))
  if (first === undefined) return
  const all = others.length + 1 === instances.length
  command.status ||= all ? exitStatus.failed : exitStatus.partly
  const reason = unseen.get(first.config_directory)
  const more = others.length === 0 ? '' : `, and ${others.length} more could not`
  if (!isRoot()) command.remark(needsRoot)
  else command.remark(`${label(first)} could not be looked at: ${reason}${more}`)
}

/** For commands that have no row for an instance. */
export function remarkDamaged(command: PostmultiCommand, damaged: readonly Damaged[]): void {
  for (const each of damaged) command.remark(describeDamage(each))
}

/** Two instances with one name or directory can be looked at, too. */
function readClaimed(command: PostmultiCommand): {primary: Primary; list: InstanceList} {
  const {primary, list} = command.readHost()
  for (const each of damaged(settleClaims(list, sharedDirectories(primary)))) {
    if (each.contested === undefined) continue
    command.remark(describeDamage(each))
    command.status = exitStatus.failed
  }
  return {primary, list}
}
