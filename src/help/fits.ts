/** Whether a command takes these words, as far as its description says: nobody is told to paste what is typed wrongly. */
import {kindsOf, type Offered} from './typed-words.ts'

/** What must be known of a command for it. */
export interface Takes {
  flags: Offered
  args: Record<string, {required?: boolean | undefined; multiple?: boolean | undefined}>
  /** Absent is yes. */
  strict?: boolean | undefined
}

/** `words` are those behind its name. */
export function fits(words: readonly string[], {flags, args, strict = true}: Takes): boolean {
  const kinds = kindsOf(words, flags)
  const typed = words.flatMap((word, at) => {
    if (kinds[at] !== 'flag' || word === '--') return []
    return [readFlag(word, kinds[at + 1] === 'value' ? words[at + 1] : undefined, flags)]
  })
  if (typed.includes('help')) return true
  const isWrong = (name: string | undefined): boolean => {
    const {exclusive = [], dependsOn = []} = flags[name ?? ''] ?? {}
    return (
      name === undefined ||
      exclusive.some((each) => typed.includes(each)) ||
      !dependsOn.every((each) => typed.includes(each))
    )
  }
  if (typed.some(isWrong)) return false
  const count = kinds.filter((each) => each === 'operand').length
  const all = Object.values(args)
  const isOpen = !strict || all.some(({multiple}) => multiple)
  return count >= all.filter(({required}) => required).length && (isOpen || count <= all.length)
}

/** Its long name; undefined where there is none, where its value is missing or none of those that exist. */
function readFlag(word: string, next: string | undefined, flags: Offered): string | undefined {
  const [, long, value = next] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
  const [, char, attached] = /^-([^-])(.*)$/s.exec(word) ?? []
  if (long === 'help') return long
  const [name, flag] =
    Object.entries(flags).find(([each, {allowNo, char: its}]) => {
      return long === undefined ? its === char : each === long || (allowNo && `no-${each}` === long)
    }) ?? []
  const given = long === undefined ? attached || next : value
  if (flag?.type !== 'option') return given === undefined ? name : undefined
  return given === undefined || (flag.options && !flag.options.includes(given)) ? undefined : name
}
