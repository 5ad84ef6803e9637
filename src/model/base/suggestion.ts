/**
 * What somebody is told to type. Values of the host go in as they are, and are never more than the word that they are
 * put into: what they hold is quoted where the suggestion is printed.
 */
import {withoutControls} from './controls.ts'
import {typed} from './typed.ts'

/** The words of one command, or what only a shell understands. */
export type Suggestion = readonly string[] | ShellText

/** Made by shell`...` and asWritten(): no text that has been put together is one. */
class ShellText {
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/** One word or a part of one; an array is several, or none. */
type Value = string | number | readonly string[]

/** The words of suggest`postmulti instances show ${name}`: only what stands in the source is split. */
export function suggest(texts: TemplateStringsArray, ...values: readonly Value[]): string[] {
  const parts = texts.flatMap((text, at) => {
    const words = toWords(values[at] ?? '')
    return [(words.length === 0 ? text.trimEnd() : text).split(' '), words]
  })
  return parts.reduce(
    (words, [first = '', ...more]) => [...words.slice(0, -1), `${words.at(-1)}${first}`, ...more],
    [''],
  )
}

/** For variables and more than one command. */
export function shell(texts: TemplateStringsArray, ...values: readonly Value[]): Suggestion {
  return new ShellText(String.raw({raw: texts}, ...values.map((each) => typed(toWords(each)))))
}

/** As its author has written it, in our source or that of a plugin. */
export function asWritten(text: string): Suggestion {
  return new ShellText(withoutControls(text))
}

/** Version 1 of the API takes words, and texts as they are. */
export function fromPlugin(command: readonly string[] | string): Suggestion {
  return typeof command === 'string' ? asWritten(command) : command
}

/** What stands at the end of a command and is not a flag, whatever it begins with. */
export function operands(...words: readonly string[]): readonly string[] {
  return words.some((each) => /^-./s.test(each)) ? ['--', ...words] : words
}

/** Each on a line of its own, as one types it. */
export function toLines(suggestions: readonly Suggestion[]): string[] {
  return suggestions.map((each) => (each instanceof ShellText ? each.toString() : typed(each)))
}

function toWords(value: Value): string[] {
  return typeof value === 'object' ? [...value] : [String(value)]
}
