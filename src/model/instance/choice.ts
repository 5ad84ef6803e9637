/** The instances that a reading command is asked about, and those that cannot be read. */

import {Refusal} from '../base/errors.ts'
import {suggest} from '../base/suggestion.ts'
import {cannotBeRead} from './cannot-be-read.ts'
import {
  type Damaged,
  damaged,
  describeDamage,
  type Instance,
  type InstanceList,
  type Listed,
  readable,
} from './instance.ts'
import {nearest} from './nearest.ts'
import {noInstance} from './no-instance.ts'
import {answersTo, mayMean, type Selection, select} from './selection.ts'

export interface Choice {
  /** In start order. */
  instances: Instance[]
  /** What may have been meant as well, but cannot be read. */
  damaged: Damaged[]
}

/** Refuses when there is none for one of the selections. */
export function choose(list: InstanceList, selections: readonly Selection[]): Choice {
  const choices = selections.map((each) => chooseFor(list, each))
  const chosen = new Set<Listed>(choices.flatMap((each) => [...each.instances, ...each.damaged]))
  return {
    instances: readable(list).filter((each) => chosen.has(each)),
    damaged: damaged(list).filter((each) => chosen.has(each)),
  }
}

/** The first match in start order. Refuses when there is none that can be read. */
export function chooseOne(list: InstanceList, name: string): Instance {
  const {instances, damaged: unreadable} = chooseFor(list, {by: 'name', name})
  const [found] = instances
  if (found !== undefined) return found
  const broken = unreadable.find((each) => answersTo(name, each))
  if (broken !== undefined) throw cannotBeRead(broken)
  throw new Refusal(`No instance named ${name} can be read: ${unreadable.map(describeDamage).join('; ')}`, {
    suggestions: [suggest`postmulti instances`],
    kind: 'not found',
  })
}

function chooseFor(list: InstanceList, selection: Selection): Choice {
  const instances = select(list, selection)
  const unreadable = damaged(list).filter((each) => mayMean(selection, each, instances.length > 0))
  if (instances.length + unreadable.length > 0) return {instances, damaged: unreadable}
  throw selection.by === 'group' ? noGroup(selection.group, list) : noInstance(nameIn(selection), list)
}

function noGroup(group: string, list: InstanceList): Refusal {
  const all = readable(list).map((each) => each.multi_instance_group)
  const known = [...new Set(all.filter((each) => each !== ''))]
  const why = known.length === 0 ? 'no instance has one' : `there are ${known.join(', ')}`
  return new Refusal(`No group named ${group}: ${why}`, {
    suggestions: [suggest`postmulti instances`],
    kind: 'not found',
    misnamed: {name: group, nearest: nearest(group, known)},
  })
}

function nameIn(selection: Selection): string {
  return selection.by === 'name' ? selection.name : ''
}
