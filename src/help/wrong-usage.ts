/** What oclif's parser complains of, said in one line what, one line why, and commands that can be pasted. */
import {stripVTControlCharacters} from 'node:util'
import {type Suggestion, suggest} from '../model/base/suggestion.ts'
import {typed} from '../model/base/typed.ts'
import type {InstanceList} from '../model/instance/instance.ts'
import {nearest} from '../model/instance/nearest.ts'
import {fits, type Takes, withScope} from './fits.ts'
import {Mistake} from './mistake.ts'
import type {Offered} from './typed-words.ts'

/** The command that was typed, as its class describes it. */
export interface Typed extends Takes {
  /** The words behind the id. */
  argv: readonly string[]
  flags: Record<string, Offered[string] & {hidden?: boolean | undefined}>
  args: Record<string, Takes['args'][string] & {description?: string | undefined}>
}

/** The last line of all that it says. */
const helpNote = 'See more help with --help'

interface ParserError extends Error {
  /** Flags that do not exist, with their dashes. */
  flags?: string[]
  /** What is missing, or what is too much. */
  args?: ({name: string; description?: string} | string)[]
}

export function isParserError(error: Error): error is ParserError {
  return error.message.endsWith(helpNote) || /^Flag --\S+ (?:expects |can only be specified once$)/.test(error.message)
}

/** `list` tells names that are there from others. */
export function explainWrongUsage(error: ParserError, command: Typed, list?: InstanceList): Mistake {
  const [flag] = error.flags ?? []
  if (flag !== undefined) return explainUnknownFlag(flag, command, list)
  const name = command.id.replaceAll(':', ' ')
  const help = suggest`postmulti ${name.split(' ')} --help`
  const [argument] = error.args ?? []
  if (typeof argument === 'string') {
    const named = withScope(command.argv, command.flags, list)
    const better = named !== undefined && fits(named, command, list) ? named : undefined
    return new Mistake(`Unexpected argument ${typed([argument])}`, {
      why: `postmulti ${[name, ...Object.keys(command.args).map(inCapitals)].join(' ')} is all that it takes`,
      suggestions: [better === undefined ? help : suggest`postmulti ${[...name.split(' '), ...better]}`],
    })
  }
  // No example: it is about other instances than what was typed.
  if (argument !== undefined) {
    return new Mistake(`${inCapitals(argument.name)} is missing`, {
      why: withoutFullStop(argument.description ?? `postmulti ${name} needs it`),
      suggestions: [help],
    })
  }
  return explainOther(error.message, [help])
}

/** A flag or an argument without anything in it. */
export function explainEmpty(
  {flag, arg = ''}: {flag: string | undefined; arg: string | undefined},
  {id}: Typed,
): Mistake {
  return new Mistake(`${flag === undefined ? inCapitals(arg) : `--${flag}`} is empty`, {
    why: 'so it names nothing, and nothing was done',
    suggestions: [['postmulti', ...id.split(':'), '--help']],
  })
}

function explainUnknownFlag(flag: string, command: Typed, list: InstanceList | undefined): Mistake {
  const {id, argv, flags} = command
  const name = id.replaceAll(':', ' ')
  const offered = Object.entries(flags).filter(([, {hidden}]) => !hidden)
  const known = ['help', ...offered.map(([each]) => each)]
  const fitting = known.filter((each) => standsFor(each, flags[each]?.type, flag, argv))
  const instead = (better: string): string[] =>
    argv.map((each) => (each === flag || each.startsWith(`${flag}=`) ? each.replace(flag, `--${better}`) : each))
  const meant = (flag.startsWith('--') ? nearest(flag.slice(2), fitting) : [])
    .map(instead)
    .filter((each) => fits(each, command, list))
  return new Mistake(`Unknown flag ${flag}`, {
    why: `postmulti ${name} knows ${known.map((each) => `--${each}`).join(', ')}`,
    suggestions:
      meant.length > 0
        ? meant.map((each) => suggest`postmulti ${name.split(' ')} ${each}`)
        : [suggest`postmulti ${name.split(' ')} --help`],
  })
}

/** Never suggested because of a slip: they reach further than what was typed. */
const farReaching = ['all', 'yes', 'public']

/** They change nothing, whatever the other words mean. */
const harmlessFlags = ['dry-run', 'help']

/** Whether it takes as many words: a value without its flag would become a name. */
function standsFor(known: string, type: Offered[string]['type'], flag: string, argv: readonly string[]): boolean {
  if (farReaching.includes(known)) return false
  const at = argv.findIndex((each) => each === flag || each.startsWith(`${flag}=`))
  const next = argv[at + 1]
  const isAttached = argv[at]?.includes('=') ?? false
  const isFollowed = next !== undefined && (next === '-' || !next.startsWith('-'))
  if (type === 'option') return isAttached || isFollowed
  return !isAttached && (!isFollowed || harmlessFlags.includes(known))
}

/** Flags that exclude or need each other, values that are none of those that exist. */
function explainOther(message: string, suggestions: readonly Suggestion[]): Mistake {
  const all = stripVTControlCharacters(message)
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => !/^$|^The following errors? occurred:$/.test(each) && each !== helpNote)
  const lines = all.filter((each, at) => !all.slice(0, at).some((earlier) => isConverse(earlier, each)))
  const [, flag] = /^Parsing (--\S+)$/.exec(lines[0] ?? '') ?? []
  if (flag !== undefined) return new Mistake(`${flag}: ${lines.slice(1).join('; ')}`, {suggestions})
  return new Mistake(lines[0] ?? message, {why: lines.slice(1).join('; '), suggestions})
}

/** Each of two flags that exclude each other says so. */
function isConverse(one: string, other: string): boolean {
  const flagsOf = (text: string): string[] | undefined =>
    /^(--[^=\s]+)=?.* cannot also be provided when using (--\S+)$/s.exec(text)?.slice(1)
  const [first, second] = flagsOf(one) ?? []
  const [third, fourth] = flagsOf(other) ?? []
  return first !== undefined && first === fourth && second === third
}

function inCapitals(name: string): string {
  return name.toUpperCase()
}

function withoutFullStop(text: string): string {
  return text.replace(/\.$/, '')
}
