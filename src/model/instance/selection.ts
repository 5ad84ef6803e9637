/**
 * Which instances a request speaks of.
 * Source: match_instance_selection() in postmulti.c; postmulti(1), "instance selection".
 */
import type {Damaged, Instance, InstanceList} from './instance.ts'
import {namePrefix} from './names.ts'

export type Selection = {by: 'all'} | {by: 'group'; group: string} | {by: 'name'; name: string}

/**
 * A name is compared with the config_directory when it starts with a slash or the instance is nameless; without the
 * prefix when only the instance has it; else whole. '-' is the primary, which also answers to its name.
 */
export function matches(selection: Selection, instance: Instance, isPrimary: boolean): boolean {
  if (selection.by === 'all') return true
  if (selection.by === 'group') {
    return instance.multi_instance_group !== '' && instance.multi_instance_group === selection.group
  }
  return shortName(instance, selection.name) === selection.name || (isPrimary && selection.name === '-')
}

/** An instance that cannot be read answers to its name as far as that is known, else to the last part of its directory. */
export function answersTo(name: string, {config_directory, multi_instance_name}: Damaged): boolean {
  const own = multi_instance_name ?? config_directory.slice(config_directory.lastIndexOf('/') + 1)
  return shortName({config_directory, multi_instance_name: own}, name) === name
}

/** True where this request may have meant an instance that cannot be read: its group is unknown, and so may be its name. */
export function mayMean(selection: Selection, damaged: Damaged, foundReadable: boolean): boolean {
  if (selection.by !== 'name') return true
  if (selection.name.startsWith('/')) return selection.name === damaged.config_directory
  return selection.name !== '-' && !foundReadable
}

/** The readable instances that match, in start order. */
export function select(list: InstanceList, selection: Selection): Instance[] {
  const secondaries = list.secondaries.filter((each): each is Instance => !('reason' in each))
  return [
    ...(matches(selection, list.primary, true) ? [list.primary] : []),
    ...secondaries.filter((each) => matches(selection, each, false)),
  ]
}

type Names = Pick<Instance, 'multi_instance_name' | 'config_directory'>

function shortName({multi_instance_name, config_directory}: Names, wanted: string): string {
  if (wanted.startsWith('/') || multi_instance_name === '') return config_directory
  if (!wanted.startsWith(namePrefix) && multi_instance_name.startsWith(namePrefix)) {
    return multi_instance_name.slice(namePrefix.length)
  }
  return multi_instance_name
}
