/** The instances that a reading command is asked about, and those of which nobody can tell. */
import {Refusal} from './errors.ts'
import {type Damaged, damaged, describeDamage, type Instance, type InstanceList, readable} from './instance.ts'
import {nearest, nearestInstances} from './nearest.ts'
import {mayMean, type Selection, select} from './selection.ts'

export interface Choice {
  /** In start order. */
  instances: Instance[]
  /** What may have been meant as well, but cannot be read. */
  damaged: Damaged[]
}

/** Refuses when there is none. `again` makes the command that says the same of another instance or group. */
export function choose(list: InstanceList, selection: Selection, again: (other: string) => string): Choice {
  const instances = select(list, selection)
  const unreadable = damaged(list).filter((each) => mayMean(selection, each, instances.length > 0))
  if (instances.length + unreadable.length > 0) return {instances, damaged: unreadable}
  throw notFound(selection, list, again)
}

/** The first match in start order. Refuses when there is none that can be read. */
export function chooseOne(list: InstanceList, name: string, again: (other: string) => string): Instance {
  const selection: Selection = {by: 'name', name}
  const choice = choose(list, selection, again)
  const [found] = choice.instances
  if (found !== undefined) return found
  throw new Refusal(
    `No instance named ${name} can be read: ${choice.damaged.map(describeDamage).join('; ')}`,
    // Its name is in the file that cannot be read.
    name.startsWith('/') ? {} : {suggestions: ['postmulti instances'], mistake: true},
  )
}

function notFound(selection: Selection, list: InstanceList, again: (other: string) => string): Refusal {
  if (selection.by === 'group') {
    const groups = readable(list).map((each) => each.multi_instance_group)
    const known = [...new Set(groups.filter((each) => each !== ''))]
    const why = known.length === 0 ? 'no instance has a group' : `groups are ${known.join(', ')}`
    return new Refusal(`No group named ${selection.group}: ${why}`, {
      suggestions: nearest(selection.group, known).map(again),
      mistake: true,
    })
  }
  const name = selection.by === 'name' ? selection.name : ''
  const meant = nearestInstances(name, list).map(again)
  return new Refusal(`No instance named ${name}`, {
    suggestions: [...meant.slice(0, 2), 'postmulti instances'],
    mistake: true,
  })
}
