/** Words side by side, as many in a line as it has room for; each line begins with two blanks. */

export function inColumns(words: readonly string[], width: number): string[] {
  const each = 2 + Math.max(...words.map(({length}) => length))
  const most = Math.max(1, Math.floor(width / each))
  const lines = Array.from({length: Math.ceil(words.length / most)}, (_, at) => words.slice(at * most, (at + 1) * most))
  return lines.map((line) =>
    line
      .map((word) => `  ${word}`.padEnd(each))
      .join('')
      .trimEnd(),
  )
}
