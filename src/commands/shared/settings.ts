/** name=value words of the command line. */
import {Mistake} from '../../help/mistake.ts'
import type {Suggestion} from '../../model/base/suggestion.ts'

const setting = /^\s*([^\s=]+)\s*=\s*(.*?)\s*$/s

/**
 * Blanks round the '=' are not part of name and value, as in main.cf. Two values of one name are a mistake. `instead`: what
 * to type where a word is not a setting.
 */
export function parseSettings(words: readonly string[], instead: readonly Suggestion[] = []): Record<string, string> {
  const settings = new Map<string, string>()
  for (const word of words) {
    const [, name, value] = setting.exec(word) ?? []
    if (name === undefined || value === undefined) {
      const suggestions = instead
      throw new Mistake(`'${word}' is not NAME=VALUE: for an empty value write NAME=`, {suggestions})
    }
    const earlier = settings.get(name) ?? value
    if (earlier !== value) throw new Mistake(`${name} has two values: ${earlier}, and ${value}`)
    settings.set(name, value)
  }
  return Object.fromEntries(settings)
}

/** The words as they are meant where there are blanks round a '='; none where that makes no settings of them either. */
export function joinSettings(words: readonly string[]): string[][] {
  const joined = words
    .join('\0')
    .replace(/\0=\0?/g, '=')
    .replace(/=\0(?=[^=\0]+(?:\0|$))/g, '=')
  const all = joined.split('\0')
  const start = all.findIndex((each) => each.includes('='))
  return start > 0 && all.slice(start).every((each) => each.startsWith('-') || setting.test(each)) ? [all] : []
}
