/** What oclif's parser complains of, said in one line what, one line why, and commands that can be pasted. */
import {stripVTControlCharacters} from 'node:util'
import {nearest} from '../model/nearest.ts'
import {asWritten, type Suggestion, suggest} from '../model/suggestion.ts'
import {typed} from '../model/typed.ts'
import {Mistake} from './mistake.ts'
import {type Offered, withInstance} from './typed-words.ts'

/** The command that was typed, as its class describes it. */
export interface Typed {
  id: string
  /** The words behind the id. */
  argv: readonly string[]
  flags: Record<string, Offered[string] & {hidden?: boolean | undefined}>
  args: Record<string, {description?: string | undefined; required?: boolean | undefined}>
  /** The first of its examples, as one types it. */
  example: string | undefined
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
  return error.message.endsWith(helpNote)
}

export function explainWrongUsage(error: ParserError, command: Typed): Mistake {
  const [flag] = error.flags ?? []
  if (flag !== undefined) return explainUnknownFlag(flag, command)
  const name = command.id.replaceAll(':', ' ')
  const help = suggest`postmulti ${name.split(' ')} --help`
  const [argument] = error.args ?? []
  if (typeof argument === 'string') {
    const better = withInstance(command.argv, command.flags)
    return new Mistake(`Unexpected argument ${typed([argument])}`, {
      why: `postmulti ${[name, ...Object.keys(command.args).map(inCapitals)].join(' ')} is all it takes`,
      suggestions: [better === undefined ? help : suggest`postmulti ${[...name.split(' '), ...better]}`],
    })
  }
  // It is about other instances than what was typed.
  const example = command.argv.length === 0 ? command.example : undefined
  const examples = example === undefined ? [] : [asWritten(example)]
  if (argument !== undefined) {
    return new Mistake(`${inCapitals(argument.name)} is missing`, {
      why: withoutFullStop(argument.description ?? `postmulti ${name} needs it`),
      suggestions: [...examples, help],
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

function explainUnknownFlag(flag: string, {id, argv, flags}: Typed): Mistake {
  const name = id.replaceAll(':', ' ')
  const offered = Object.entries(flags).filter(([, {hidden}]) => !hidden)
  const known = ['help', ...offered.map(([each]) => each)]
  const fitting = known.filter((each) => fits(each, flags[each]?.type, flag, argv))
  const meant = flag.startsWith('--') ? nearest(flag.slice(2), fitting) : []
  const instead = (better: string): string[] => {
    const words = argv.map((each) => (each === flag || each.startsWith(`${flag}=`) ? each.replace(flag, better) : each))
    return ['postmulti', ...name.split(' '), ...words]
  }
  return new Mistake(`Unknown flag ${flag}`, {
    why: `postmulti ${name} knows ${known.map((each) => `--${each}`).join(', ')}`,
    suggestions:
      meant.length > 0 ? meant.map((each) => instead(`--${each}`)) : [suggest`postmulti ${name.split(' ')} --help`],
  })
}

/** Nobody is told to type these because of a slip: they reach further than what was typed. */
const farReaching = ['all', 'yes', 'public']

/** They do nothing, whatever else the words mean. */
const harmless = ['dry-run', 'help']

/** Whether it stands for as many words: a value that loses its flag would be the name of something. */
function fits(known: string, type: Offered[string]['type'], flag: string, argv: readonly string[]): boolean {
  if (farReaching.includes(known)) return false
  const at = argv.findIndex((each) => each === flag || each.startsWith(`${flag}=`))
  const next = argv[at + 1]
  const isAttached = argv[at]?.includes('=') ?? false
  const isFollowed = next !== undefined && (next === '-' || !next.startsWith('-'))
  if (type === 'option') return isAttached || isFollowed
  return !isAttached && (!isFollowed || harmless.includes(known))
}

/** Flags that exclude or need each other, values that are none of those that exist. */
function explainOther(message: string, suggestions: readonly Suggestion[]): Mistake {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => !/^$|^The following errors? occurred:$/.test(each) && each !== helpNote)
  const [, flag] = /^Parsing (--\S+)$/.exec(lines[0] ?? '') ?? []
  if (flag !== undefined) return new Mistake(`${flag}: ${lines.slice(1).join('; ')}`, {suggestions})
  return new Mistake(lines[0] ?? message, {why: lines.slice(1).join('; '), suggestions})
}

function inCapitals(name: string): string {
  return name.toUpperCase()
}

function withoutFullStop(text: string): string {
  return text.replace(/\.$/, '')
}
