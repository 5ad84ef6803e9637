/**
 * The options that every daemon of Postfix takes, and what stands behind them.
 * Source: single_server.c and its like, which all have the same; split_nameval() in Postfix's util library.
 */
import {trimBlanks} from '../main-cf/lines.ts'

export interface Options {
  /** -o settings, unexpanded; of two with one name the last. */
  settings: ReadonlyMap<string, string>
  /** The daemon's own business: attributes of pipe(8), say. */
  rest: readonly string[]
  /** What the daemon says, and dies; what follows is not read then. */
  fault?: string
}

/** Those of master(8) among them. */
const withValue = 'imnorst'
const alone = 'cdDlSuvVz'
const flagsAndOne = new RegExp(`^-[${alone}]*(.?)(.*)$`, 's')

/** `words` are those behind the command. */
export function readOptions(words: readonly string[]): Options {
  const settings = new Map<string, string>()
  let at = 0
  for (; at < words.length; at++) {
    const word = words[at] ?? ''
    if (!/^-./s.test(word)) break
    if (word === '--') return {settings, rest: words.slice(at + 1)}
    const [, letter = '', own = ''] = flagsAndOne.exec(word) ?? []
    if (letter === '') continue
    if (!withValue.includes(letter)) return {settings, rest: [], fault: `invalid option: ${letter}`}
    const value = own === '' ? words[++at] : own
    if (value === undefined) return {settings, rest: [], fault: `invalid option: ${letter}`}
    if (letter !== 'o') continue
    const setting = splitOption(value)
    if (typeof setting === 'string')
      return {settings, rest: [], fault: `invalid "-o ${value}" option value: ${setting}`}
    settings.set(setting.name, setting.value)
  }
  return {settings, rest: words.slice(at)}
}

/** What is wrong with it, where it is none. */
function splitOption(text: string): {name: string; value: string} | string {
  const trimmed = trimBlanks(text)
  const [name = ''] = /^[^ \t\n\v\f\r=]*/.exec(trimmed) ?? []
  const value = trimBlanks(trimmed, name.length)
  if (name === '') return 'missing attribute name'
  return value.startsWith('=') ? {name, value: trimBlanks(value, 1)} : "missing '=' after attribute name"
}
