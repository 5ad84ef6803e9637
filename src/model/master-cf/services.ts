/**
 * The services of a master.cf, and the words behind each command as its daemon gets them. Nothing is expanded, and
 * nothing judged: what is wrong with a service start-fault.ts and daemons.ts find.
 * Source: get_master_ent() in master_ent.c; mystrtokq() and extpar() of Postfix's util library.
 */
import {fromBytes} from '../base/text.ts'
import {logicalLines} from '../main-cf/lines.ts'
import {readOptions} from './options.ts'

/** One service of master.cf. Source: master(5). */
export interface ServiceLine {
  name: string
  type: string
  private: string
  unprivileged: string
  chroot: string
  wakeup: string
  /** The field maxproc. */
  limit: string
  command: string
  /** What the daemon gets: one in braces has lost them. Those after `fault` are missing. */
  words: readonly string[]
  /** Why master(8) cannot take the words apart, as it says it. */
  fault?: string
  /** -o settings, unexpanded; of two with one name the last. */
  settings: ReadonlyMap<string, string>
  /** Of the first physical line that has content. */
  line: number
}

const separators = ' \t\r\n'

/** `text` is latin1. In the order of the file; lines with fewer than eight fields are left out. */
export function readServiceLines(text: string): ServiceLine[] {
  return [...logicalLines(text)].flatMap(({text: content, line}) => readServiceLine(fromBytes(content), line) ?? [])
}

function readServiceLine(text: string, line: number): ServiceLine | undefined {
  const {fields, rest} = takeFields(text)
  const [name, type, isPrivate = '', unprivileged = '', chroot = '', wakeup = '', limit = '', command] = fields
  if (name === undefined || type === undefined || command === undefined) return undefined
  const {words, fault} = takeWords(rest)
  const {settings} = readOptions(words)
  const service = {name, type, private: isPrivate, unprivileged, chroot, wakeup, limit, command, words, settings, line}
  return fault === undefined ? service : {...service, fault}
}

/** The first eight, at any blank, and what follows them. */
function takeFields(text: string): {fields: string[]; rest: string} {
  const fields: string[] = []
  let at = 0
  while (fields.length < 8) {
    while (at < text.length && separators.includes(text.charAt(at))) at++
    const start = at
    while (at < text.length && !separators.includes(text.charAt(at))) at++
    if (at === start) break
    fields.push(text.slice(start, at))
  }
  return {fields, rest: text.slice(at)}
}

function takeWords(text: string): {words: string[]; fault?: string} {
  const words: string[] = []
  for (const word of splitOutsideBraces(text)) {
    if (!word.startsWith('{')) {
      words.push(word)
      continue
    }
    const end = endOfBraces(word)
    if (end < 0) return {words, fault: `missing '}' in "${word}"`}
    if (end < word.length) return {words, fault: `syntax error after '}' in "${word}"`}
    words.push(word.slice(1, -1).trim())
  }
  return {words}
}

/** At separators that are not inside braces; one that is left open goes on to the end. Source: mystrtokq() in mystrtok.c. */
function splitOutsideBraces(text: string, at: string = separators): string[] {
  const words: string[] = []
  let word = ''
  let depth = 0
  for (const character of text) {
    if (character === '{') depth++
    else if (character === '}' && depth > 0) depth--
    if (depth > 0 || !at.includes(character)) {
      word += character
      continue
    }
    if (word !== '') words.push(word)
    word = ''
  }
  return word === '' ? words : [...words, word]
}

/** The words of a list in main.cf; what is in braces is one. Source: CHARS_COMMA_SP of Postfix's util library. */
export function listWords(value: string): string[] {
  return splitOutsideBraces(value, `${separators},`)
}

/** The place behind the brace that closes the first one; -1 when there is none. */
function endOfBraces(word: string): number {
  let depth = 0
  for (let at = 0; at < word.length; at++) {
    if (word.charAt(at) === '{') depth++
    else if (word.charAt(at) === '}' && --depth === 0) return at + 1
  }
  return -1
}
