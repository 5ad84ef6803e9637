/** Which instances a command is for: names, or --group, or --instance, or all. */
import {Args, Errors, Flags} from '@oclif/core'
import type {Selection} from '../model/selection.ts'
import {exitStatus} from './base.ts'

export const scopeFlags = {
  group: Flags.string({char: 'g', description: 'Only the instances of this group.', exclusive: ['instance']}),
  instance: Flags.string({
    char: 'i',
    description: "Only this one: a name, a config_directory, or '-' for the primary.",
  }),
}

export const jobsFlag = Flags.integer({char: 'j', min: 1, description: 'How many may run at once.', helpValue: 'N'})

export const withoutPluginFlag = Flags.string({
  multiple: true,
  multipleNonGreedy: true,
  helpValue: 'NAME',
  description: 'Do not ask this site plugin; only root may, and the history keeps it.',
})

export const namesArgument = Args.string({
  description:
    "Names (with or without 'postfix-'), config_directories, '-' for the primary; all instances when absent.",
  multiple: true,
  required: false,
  ignoreStdin: true,
})

export interface ScopeFlags {
  group?: string | undefined
  instance?: string | undefined
}

export function toScope({group, instance}: ScopeFlags, names: readonly string[] = []): Selection[] {
  if (names.length > 0 && (group !== undefined || instance !== undefined)) {
    const flag = group === undefined ? '--instance' : '--group'
    throw new Errors.CLIError(`${flag} and names exclude each other`, {code: 'USAGE', exit: exitStatus.usage})
  }
  if (group !== undefined) return [{by: 'group', group}]
  if (instance !== undefined) return [{by: 'name', name: instance}]
  return names.length === 0 ? [{by: 'all'}] : names.map((name) => ({by: 'name', name}))
}
