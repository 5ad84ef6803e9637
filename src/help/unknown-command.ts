/** A command that does not exist: what it may have meant, answered with commands that can be pasted. */

import {own} from '../model/base/own.ts'
import {typed} from '../model/base/typed.ts'
import type {InstanceList} from '../model/instance/instance.ts'
import {nearest} from '../model/instance/nearest.ts'
import {select} from '../model/instance/selection.ts'
import {fits, type Takes, withScope} from './fits.ts'
import {Mistake} from './mistake.ts'

/** What must be known of a command. The id has blanks between its words. */
export type Known = Takes

/** What other programs call it: the last words of commands. */
const synonyms: Record<string, string[]> = {
  add: ['create', 'install'],
  new: ['create'],
  delete: ['destroy', 'delete', 'uninstall'],
  remove: ['destroy', 'delete', 'uninstall'],
  rm: ['destroy', 'delete', 'uninstall'],
  ls: ['list'],
  move: ['reorder'],
  config: ['get', 'set'],
  exec: ['run'],
  log: ['logs'],
  ps: ['status', 'list'],
  up: ['start'],
  down: ['stop'],
}

/** A command, and what stands behind it: $1 and $2 are the words that were typed. */
type LineTemplate = readonly [id: string, ...words: string[]]

const renaming: LineTemplate[] = [['instances assign', '$1', '--name', '$2']]
const copyCommands: LineTemplate[] = [['instances create', '$2', '--like', '$1']]

/** Where other programs have the words in another order, or another command. */
const otherPrograms: Record<string, LineTemplate[]> = {
  ...{rename: renaming, mv: renaming, clone: copyCommands, copy: copyCommands, cp: copyCommands},
  mailq: [['queue list']],
  'plugins enable': [['plugins config', '$1', 'mode=on']],
  'plugins disable': [['plugins config', '$1', 'mode=off']],
}

/** `words` are what was typed, without the program's name. `list` tells names that are there from others. */
export function explainUnknownCommand(words: readonly string[], known: readonly Known[], list?: InstanceList): Mistake {
  const operands = words.slice(
    0,
    [...words, '-'].findIndex((each) => each.startsWith('-')),
  )
  const surplus = explainSurplus(words, operands, known, list)
  if (surplus !== undefined) return surplus
  const topic = known.some(({id}) => id.startsWith(`${operands[0]} `)) ? operands.slice(0, 1) : []
  const word = operands[topic.length] ?? ''
  const rest = words.slice(topic.length + 1)
  const meant = guess(word, topic, rest, known, list)
  const help = ['postmulti', ...topic, topic.length === 0 && word === 'version' ? '--version' : '--help']
  return new Mistake(`Unknown command ${typed([...topic, word])}`, {
    why: explainWhy(word, meant[0]?.slice(1, 3) ?? [], topic),
    suggestions: meant.length === 0 ? [help] : meant,
  })
}

/** oclif takes the words behind a command without arguments for a part of its name. */
function explainSurplus(
  words: readonly string[],
  operands: readonly string[],
  known: readonly Known[],
  list: InstanceList | undefined,
): Mistake | undefined {
  const isTopic = (id: string): boolean => known.some((each) => each.id.startsWith(`${id} `))
  const takesNone = ({args, strict = true}: Known): boolean => strict && Object.keys(args).length === 0
  const command = known.find((each) => takesNone(each) && !isTopic(each.id) && beginsWith(operands, each.id))
  if (command === undefined) return undefined
  const name = command.id.split(' ')
  return new Mistake(`Unexpected argument ${typed(operands.slice(name.length))}`, {
    why: `postmulti ${command.id} takes none`,
    suggestions: [commandWords(command, words.slice(name.length), list)],
  })
}

function beginsWith(operands: readonly string[], id: string): boolean {
  return id.split(' ').every((each, at) => each === operands[at])
}

/** The lines that may have been meant, likeliest first; at most three. */
function guess(
  word: string,
  topic: readonly string[],
  rest: readonly string[],
  known: readonly Known[],
  list: InstanceList | undefined,
): string[][] {
  const said = word.toLowerCase()
  const lines = own(otherPrograms, [...topic, said].join(' ')) ?? own(otherPrograms, said)
  if (lines !== undefined) return lines.flatMap((each) => fillTemplate(each, rest, known, list))
  const turned = inOtherOrder([...topic, word, ...rest], known, list)
  if (turned !== undefined) return [commandWords(...turned, list)]
  // INSTANCE/ID is a message.
  const room = topic[0] ?? (/^[^/-][^/]*\/[^/]+$/.test(rest[0] ?? '') ? 'queue' : undefined)
  const commands = known.filter(({id}) => room === undefined || id.startsWith(`${room} `))
  const byWord = (wanted: string): Known[] => commands.filter(({id}) => lastWord(id) === wanted)
  // Those of one word first: of two that are as likely, `instances` goes before `instances init`.
  const ids = commands.map(({id}) => id).toSorted((one, other) => one.split(' ').length - other.split(' ').length)
  const alike = own(synonyms, said)
  // The command without its topic: `start` for `instances start`.
  const wanted = alike ?? (byWord(said).length > 0 ? [said] : nearest(said, ids.map(lastWord)))
  const found = [...new Set(wanted.flatMap(byWord))]
  // What others call so is one thing.
  const [first = ''] = alike === undefined ? [] : (found[0]?.id.split(' ') ?? [])
  return found.filter(({id}) => id.startsWith(first)).map((each) => commandWords(each, rest, list))
}

/**
 * A command of two words that stand somewhere before the flags, and what it is for: of what stood before it names of
 * instances belong behind it, and all else to the end.
 * A topic that is there twice is one.
 */
function inOtherOrder(
  words: readonly string[],
  known: readonly Known[],
  list: InstanceList | undefined,
): [Known, string[]] | undefined {
  const end = [...words, '-'].findIndex((each) => each.startsWith('-'))
  const operands = words.slice(0, end)
  const command = known.find(({id}) => id.includes(' ') && id.split(' ').every((each) => operands.includes(each)))
  if (command === undefined) return undefined
  const [topic = '', verb = ''] = command.id.split(' ')
  const at = operands.indexOf(verb)
  const others = (some: readonly string[]): string[] => some.filter((each) => each !== topic)
  const before = others(operands.slice(0, at))
  const isName = (name: string): boolean => list !== undefined && select(list, {by: 'name', name}).length > 0
  const names = before.filter(isName)
  const rest = [...others(operands.slice(at + 1)), ...words.slice(end)]
  return [command, [...names, ...rest, ...before.filter((each) => !isName(each))]]
}

function fillTemplate(
  [id, ...words]: LineTemplate,
  rest: readonly string[],
  known: readonly Known[],
  list: InstanceList | undefined,
): string[][] {
  const command = known.find((each) => each.id === id)
  if (command === undefined) return []
  const wanted = words.filter((each) => each.startsWith('$')).length
  const isThere = rest.length >= wanted && !rest.slice(0, wanted).some((each) => each.startsWith('-'))
  const put = words.flatMap((each) => (each.startsWith('$') ? rest.slice(Number(each[1]) - 1, Number(each[1])) : each))
  return [commandWords(command, isThere ? [...put, ...rest.slice(wanted)] : ['--help'], list)]
}

/** Where it does not take these words its help says what it takes. */
function commandWords(command: Known, words: readonly string[], list: InstanceList | undefined): string[] {
  const help = ['--help']
  const taken = [words, withScope(words, command.flags, list) ?? help].find((each) => fits(each, command, list)) ?? help
  return ['postmulti', ...command.id.split(' '), ...taken]
}

function lastWord(id: string): string {
  return id.slice(id.lastIndexOf(' ') + 1)
}

function explainWhy(word: string, first: readonly string[], topic: readonly string[]): string {
  if (topic.length === 0 && first[1] === word) return `${word} is one of the commands of ${first[0]}`
  return `${topic.length === 0 ? 'postmulti' : topic[0]} has no such command`
}
