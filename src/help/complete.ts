/**
 * What may stand at the cursor: the one answer that the completion scripts of all shells print. Nothing here reads the
 * host; names, groups and parameters are asked for when they are needed.
 */
import {asTyped, type Candidate, type Completed, type Live} from './candidate.ts'
import {completeClassic} from './complete-classic.ts'

/** A command as oclif's manifest has it, with blanks in its id. */
export interface Completable {
  id: string
  summary?: string | undefined
  flags: Record<string, CompletedFlag>
  args: Record<string, {options?: readonly string[] | undefined; multiple?: boolean | undefined}>
}

interface CompletedFlag {
  type: 'boolean' | 'option'
  char?: string | undefined
  description?: string | undefined
  hidden?: boolean | undefined
  multiple?: boolean | undefined
  options?: readonly string[] | undefined
}

type WordSource = keyof Live | 'secondaries' | 'assignments' | 'directories' | 'files' | 'commands' | 'none'

/** What arguments and flags of these names take; a command's own entry, `ID NAME`, goes first. */
const sourcesByName: Record<string, WordSource[]> = {
  name: ['names'],
  names: ['names'],
  instance: ['names'],
  before: ['secondaries'],
  after: ['secondaries'],
  like: ['names'],
  against: ['names'],
  via: ['names'],
  rule: ['rules'],
  except: ['rules'],
  explain: ['rules'],
  'without-plugin': ['plugins'],
  'enable-service': ['services'],
  columns: ['columns'],
  log: ['files'],
  output: ['files'],
  listen: ['files'],
  group: ['groups'],
  set: ['assignments'],
  parameter: ['parameters'],
  directory: ['directories'],
  'config-directory': ['directories'],
  'queue-directory': ['directories'],
  'data-directory': ['directories'],
  id: ['messages'],
  'instances create name': ['none'],
  'instances assign --name': ['none'],
  'instances import --name': ['none'],
  'instances reorder name': ['secondaries'],
  'plugins new name': ['none'],
  'history id': ['changes'],
  'history --file': ['files'],
  'undo id': ['changes'],
  'trace what': ['messages'],
  'instances set word': ['names', 'assignments'],
  'instances unset word': ['names', 'parameters'],
  'plugins config name': ['plugins'],
  'plugins config setting': ['pluginSettings'],
  'plugins uninstall name': ['plugins'],
  'plugins rollback name': ['plugins'],
  'plugins install spec': ['files'],
  'explain word': ['names', 'parameters'],
  'instances get word': ['names', 'parameters'],
}

/** `words` are those behind the program's name; the last one, perhaps empty, is at the cursor. */
export function complete(words: readonly string[], commands: readonly Completable[], live: Live): Completed {
  const current = words.at(-1) ?? ''
  if (words.length === 1 && /^\w+:/.test(current)) return completeId(current, commands, live)
  const before = words.slice(0, -1).flatMap((each, at) => (at === 0 ? each.split(':') : each))
  const first = before[0] ?? current
  if (/^-[^-]?/.test(first) && !(before.length === 0 && current.startsWith('--'))) {
    return completeClassic(before, current, live)
  }
  const end = before.indexOf('--')
  if (end >= 0) return {candidates: [], besides: end === before.length - 1 ? 'commands' : 'files'}
  const command = commands.filter(({id}) => begins(before, id.split(' '))).sort(longestFirst)[0]
  const found = completeWithin(command, before, current, commands, live)
  return {...found, candidates: found.candidates.filter(({word}) => word.startsWith(current))}
}

/** `instances:st` is the same as `instances st`. */
function completeId(word: string, commands: readonly Completable[], live: Live): Completed {
  const topic = word.slice(0, word.lastIndexOf(':'))
  const {candidates} = complete(word.split(':'), commands, live)
  return {candidates: candidates.map((each) => ({...each, word: `${topic}:${each.word}`}))}
}

function completeWithin(
  command: Completable | undefined,
  before: readonly string[],
  current: string,
  commands: readonly Completable[],
  live: Live,
): Completed {
  const awaiting = flagOf(command, before.at(-1) ?? '')
  if (command !== undefined && awaiting !== undefined) return valuesOf(command, awaiting, current, before, live)
  const [, name, value] = /^--([\w-]+)=(.*)$/.exec(current) ?? []
  if (command !== undefined && name !== undefined && value !== undefined) {
    const {candidates, ...rest} = valuesOf(command, name, value, before, live)
    return {...rest, candidates: candidates.map((each) => ({...each, word: `--${name}=${each.word}`}))}
  }
  if (current.startsWith('-')) return {candidates: command === undefined ? rootFlags : flagsOf(command, before)}
  const nextWords = subCommands(before, commands)
  if (command === undefined) return {candidates: nextWords}
  const {candidates, ...rest} = argumentsOf(command, before, current, live)
  return {...rest, candidates: [...nextWords, ...candidates]}
}

const rootFlags = [
  {word: '--help', about: 'Show all commands.'},
  {word: '--version', about: 'Show the version.'},
]

/** The name of the option that the word before the cursor is and that wants a value. */
function flagOf(command: Completable | undefined, word: string): string | undefined {
  const isMeant = ([name, {char, type}]: [string, CompletedFlag]): boolean =>
    type === 'option' && (word === `--${name}` || (char !== undefined && word === `-${char}`))
  return Object.entries(command?.flags ?? {}).find(isMeant)?.[0]
}

function flagsOf({flags}: Completable, before: readonly string[]): Candidate[] {
  return [
    ...Object.entries(flags)
      .filter(([name, {hidden, multiple}]) => !hidden && (multiple || !before.includes(`--${name}`)))
      .map(([name, {description = ''}]) => ({word: `--${name}`, about: description})),
    {word: '--help', about: 'Show what the command does.'},
  ]
}

function valuesOf(
  {id, flags}: Completable,
  name: string,
  current: string,
  before: readonly string[],
  live: Live,
): Completed {
  const {options} = flags[name] ?? {}
  if (options !== undefined) return {candidates: options.map((word) => ({word, about: ''}))}
  return ofKinds(sourcesByName[`${id} --${name}`] ?? sourcesByName[name] ?? ['none'], current, before, live)
}

function argumentsOf(command: Completable, before: readonly string[], current: string, live: Live): Completed {
  const operands = before.slice(command.id.split(' ').length).filter((each) => !each.startsWith('-'))
  const all = Object.entries(command.args)
  const repeated = all.slice(-1).find(([, {multiple}]) => multiple)
  const [name, taken] = all[operands.length] ?? repeated ?? []
  if (name === undefined || taken === undefined) return {candidates: []}
  const {options} = taken
  if (options !== undefined) return {candidates: options.map((word) => ({word, about: ''}))}
  return ofKinds(sourcesByName[`${command.id} ${name}`] ?? sourcesByName[name] ?? ['none'], current, operands, live)
}

/** `before` are words of the line that may be names of instances. */
function ofKinds(wanted: readonly WordSource[], current: string, before: readonly string[], live: Live): Completed {
  const besides = wanted.find((each) => each === 'files' || each === 'directories' || each === 'commands')
  const candidates = wanted.flatMap((each) => {
    if (each === 'files' || each === 'directories' || each === 'commands' || each === 'none') return []
    if (each === 'names') return live.names().map((one) => asTyped(one, current))
    if (each === 'secondaries') {
      // No instance goes before or after itself, and none before the primary, which comes first.
      const others = live.names().filter(({word}, at) => at > 0 && !before.some((one) => isCalled(word, one)))
      return others.map((one) => asTyped(one, current))
    }
    if (each === 'parameters') return live.parameters(before)
    if (each === 'assignments') return live.parameters(before).map(({word, about}) => ({word: `${word}=`, about}))
    return live[each]()
  })
  return {candidates, ...(besides === undefined ? {} : {besides})}
}

function isCalled(word: string, typed: string): boolean {
  return word === typed || word === `postfix-${typed}`
}

/** The words that may follow those of a command or topic. */
function subCommands(before: readonly string[], commands: readonly Completable[]): Candidate[] {
  const next = new Map<string, string>()
  for (const {id, summary = ''} of commands) {
    const words = id.split(' ')
    const word = words[before.length]
    if (word === undefined || !begins(words, before)) continue
    const isWhole = words.length === before.length + 1
    if (isWhole || !next.has(word)) next.set(word, isWhole ? summary : `${word} ...`)
  }
  return [...next].map(([word, about]) => ({word, about}))
}

function begins(words: readonly string[], start: readonly string[]): boolean {
  return start.every((each, at) => each === words[at])
}

function longestFirst(one: Completable, other: Completable): number {
  return other.id.length - one.id.length
}
