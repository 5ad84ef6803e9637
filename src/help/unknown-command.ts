/** A command that does not exist: what it may have meant, answered with commands that can be pasted. */
import {nearest} from '../model/nearest.ts'
import {own} from '../model/own.ts'
import {typed} from '../model/typed.ts'
import {Mistake} from './mistake.ts'
import {type Offered, withInstance} from './typed-words.ts'

/** What must be known of a command. The id has blanks between its words. */
export interface Known {
  id: string
  takesArguments: boolean
  flags: Offered
}

/** What other programs call it. */
const synonyms: Record<string, string[]> = {
  add: ['create'],
  new: ['create'],
  clone: ['create'],
  delete: ['destroy'],
  remove: ['destroy'],
  rm: ['destroy'],
  ls: ['list'],
  rename: ['assign'],
  move: ['reorder'],
  config: ['get', 'set'],
  exec: ['run'],
  log: ['history'],
  ps: ['status', 'list'],
  up: ['start'],
  down: ['stop'],
}

/** `words` are what was typed, without the program's name. */
export function explainUnknownCommand(words: readonly string[], known: readonly Known[]): Mistake {
  const operands = words.slice(
    0,
    [...words, '-'].findIndex((each) => each.startsWith('-')),
  )
  const surplus = explainSurplus(words, operands, known)
  if (surplus !== undefined) return surplus
  const topic = known.some(({id}) => id.startsWith(`${operands[0]} `)) ? operands.slice(0, 1) : []
  const word = operands[topic.length] ?? ''
  const rest = words.slice(topic.length + 1)
  const meant = guess(word, topic, known)
  const [first = ''] = meant
  return new Mistake(`Unknown command ${typed([...topic, word])}`, {
    why: explainWhy(word, first, topic),
    suggestions:
      meant.length === 0
        ? [['postmulti', ...topic, '--help']]
        : meant.map((id) => ['postmulti', ...id.split(' '), ...rest]),
  })
}

/** oclif takes the words behind a command without arguments for a part of its name. */
function explainSurplus(
  words: readonly string[],
  operands: readonly string[],
  known: readonly Known[],
): Mistake | undefined {
  const isTopic = (id: string): boolean => known.some((each) => each.id.startsWith(`${id} `))
  const command = known.find(({id, takesArguments}) => !takesArguments && !isTopic(id) && begins(operands, id))
  if (command === undefined) return undefined
  const name = command.id.split(' ')
  const better = withInstance(words.slice(name.length), command.flags)
  return new Mistake(`Unexpected argument ${typed(operands.slice(name.length))}`, {
    why: `postmulti ${command.id} takes none`,
    suggestions: [better === undefined ? ['postmulti', ...name, '--help'] : ['postmulti', ...name, ...better]],
  })
}

function begins(operands: readonly string[], id: string): boolean {
  return id.split(' ').every((each, at) => each === operands[at])
}

/** The ids that may have been meant, likeliest first; at most three. */
function guess(word: string, topic: readonly string[], known: readonly Known[]): string[] {
  const ids = known.map(({id}) => id).filter((id) => topic.length === 0 || id.startsWith(`${topic[0]} `))
  const byWord = (wanted: string): string[] => ids.filter((id) => lastWord(id) === wanted)
  const said = word.toLowerCase()
  // Those of one word first: of two that are as likely, `instances` goes before `instances init`.
  const words = ids.toSorted((one, other) => one.split(' ').length - other.split(' ').length).map(lastWord)
  // The command without its topic: `start` for `instances start`.
  const wanted = byWord(said).length > 0 ? [said] : (own(synonyms, said) ?? nearest(said, words))
  return [...new Set(wanted.flatMap(byWord))].slice(0, 3)
}

function lastWord(id: string): string {
  return id.split(' ').at(-1)!
}

function explainWhy(word: string, first: string, topic: readonly string[]): string {
  if (topic.length === 0 && lastWord(first) === word) return `${word} is one of the commands of ${first.split(' ')[0]}`
  return `${topic.length === 0 ? 'postmulti' : topic[0]} has no such command`
}
