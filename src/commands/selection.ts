/** Which instances a command speaks of: all of them, a group, or one. */
import {Flags} from '@oclif/core'
import type {Selection} from '../model/selection.ts'

export const selectionFlags = {
  group: Flags.string({char: 'g', description: 'Only the instances of this group.', exclusive: ['instance']}),
  instance: Flags.string({
    char: 'i',
    description: "Only this one: a name (with or without 'postfix-'), a config_directory, or '-' for the primary.",
  }),
}

export function toSelection(flags: {group?: string | undefined; instance?: string | undefined}): Selection {
  if (flags.group !== undefined) return {by: 'group', group: flags.group}
  return flags.instance === undefined ? {by: 'all'} : {by: 'name', name: flags.instance}
}
