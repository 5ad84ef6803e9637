/** Which instances a command is for: names, or --group, or --instance, or all. */
import {Args, Flags} from '@oclif/core'
import {Mistake} from '../../help/mistake.ts'
import {suggest} from '../../model/base/suggestion.ts'
import type {Selection} from '../../model/instance/selection.ts'
import {isAnybodyThere} from '../../report/terminal/question.ts'

export const scopeFlags = {
  group: Flags.string({char: 'g', description: 'Only the instances of this group.', exclusive: ['instance']}),
  instance: Flags.string({
    char: 'i',
    description: "Only this one: a name, a config_directory, or '-' for the primary.",
  }),
}

/** For those that stop instances, or run anything in them. */
export const allFlag = Flags.boolean({
  char: 'a',
  description: 'All instances, the primary too; required where there is no terminal.',
  exclusive: ['group', 'instance'],
})

export const jobsFlag = Flags.integer({char: 'j', min: 1, description: 'How many may run at once.', helpValue: 'N'})

export const systemdFlag = Flags.boolean({
  allowNo: true,
  description: 'Let units of systemd follow, or with --no-systemd not; absent, where systemd runs.',
})

export const withoutPluginFlags = {
  'without-plugin': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'NAME',
    description: 'Skip this site plugin; needs root, and the history keeps it.',
  }),
  reason: Flags.string({
    helpValue: 'TEXT',
    description: 'Why a plugin is skipped, for the history; required for a locked plugin.',
    dependsOn: ['without-plugin'],
  }),
}

export interface WithoutFlags {
  'without-plugin'?: string[] | undefined
  reason?: string | undefined
}

export const optionalNames = Args.string({
  description:
    "Names (with or without 'postfix-'), config_directories, '-' for the primary; all instances when absent.",
  multiple: true,
  required: false,
  ignoreStdin: true,
})

export interface ScopeFlags {
  group?: string | undefined
  instance?: string | undefined
  all?: boolean
}

export function toScope({group, instance, all = false}: ScopeFlags, names: readonly string[] = []): Selection[] {
  if (names.length > 0 && (group !== undefined || instance !== undefined || all)) {
    const flag = all ? '--all' : group === undefined ? '--instance' : '--group'
    throw new Mistake(`${flag} and names exclude each other`)
  }
  if (group !== undefined) return [{by: 'group', group}]
  if (instance !== undefined) return [{by: 'name', name: instance}]
  return names.length === 0 ? [{by: 'all'}] : names.map((name) => ({by: 'name', name}))
}

/**
 * A script whose variable is empty names nobody, and there is nobody to say no: what stops the mail, or runs anything,
 * reaches all instances only when that was said.
 */
export function mustBeSaid(what: string, scope: readonly Selection[], {all = false}: ScopeFlags): void {
  if (all || scope.some(({by}) => by !== 'all') || isAnybodyThere()) return
  throw new Mistake(`'${what}' for which instances?`, {
    why: 'not a terminal: pass names, --group, --instance or --all',
    suggestions: [suggest`postmulti instances`],
  })
}
