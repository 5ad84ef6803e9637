/** A text of which one whole line is ours, and the others are not. */

/** Where a step wants its line, for editLine(): behind all others, or nowhere. */
export function placeWanted(step: 'add line' | 'remove line'): number | undefined {
  return step === 'add line' ? Number.POSITIVE_INFINITY : undefined
}

/** With the line behind `at` others, if it is not there yet; without it where `at` is undefined. Else the text as it is. */
export function editLine(text: string, line: string, at: number | undefined): string {
  const lines = splitLines(text)
  const wanted = at === undefined ? lines.filter((each) => each !== line) : lines.toSpliced(at, 0, line)
  return lines.includes(line) === (at !== undefined) ? text : wanted.map((each) => `${each}\n`).join('')
}

/** How many lines are before it; undefined where it is not there. */
export function placeOfLine(text: string, line: string): number | undefined {
  const at = splitLines(text).indexOf(line)
  return at < 0 ? undefined : at
}

/** The end of the last one may be missing. */
function splitLines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}
