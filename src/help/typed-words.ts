/** What each word behind a command is, before anybody has looked at what it means. */

/** A flag as its command describes it; by its long name. */
export type Offered = Record<string, TypedFlag>

interface TypedFlag {
  type?: 'boolean' | 'option'
  char?: string | undefined
  allowNo?: boolean | undefined
  options?: readonly string[] | undefined
  /** Long names of others. */
  exclusive?: readonly string[] | undefined
  dependsOn?: readonly string[] | undefined
}

type WordKind = 'flag' | 'value' | 'operand'

/** An unknown flag has no value. What is behind '--' are operands; '--' itself counts as a flag. */
export function kindsOf(words: readonly string[], flags: Offered): WordKind[] {
  const kinds: WordKind[] = []
  for (const [at, word] of words.entries()) {
    if (kinds[at] !== undefined) continue
    const isBehind = words.slice(0, at).some((each, earlier) => each === '--' && kinds[earlier] === 'flag')
    if (isBehind || word === '-' || !word.startsWith('-')) kinds.push('operand')
    else if (takesNext(word, flags) && at + 1 < words.length) kinds.push('flag', 'value')
    else kinds.push('flag')
  }
  return kinds
}

function takesNext(word: string, flags: Offered): boolean {
  return Object.entries(flags).some(
    ([name, {type, char}]) =>
      type === 'option' && (word === `--${name}` || (char !== undefined && word === `-${char}`)),
  )
}

export function saysForWhom(word: string): boolean {
  return /^(?:-[aig]|--(?:all|instance|group)(?:=|$))/.test(word)
}
