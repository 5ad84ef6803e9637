/**
 * What others have written (mail, a log, a configuration, the name of a file) may hold characters that a terminal obeys:
 * none of them shall move its cursor, or hide what stands beside.
 */

/** On one line. A lone surrogate U+DC80..U+DC9F is a byte that some terminals obey. */
export function withoutControls(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f\udc80-\udc9f]/g, '?')
}

/** Lines and tabs stay. */
export function linesWithoutControls(text: string): string {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\udc80-\udc9f]/g, '?')
}

/** The same, and our own colours stay. */
export function colouredWithoutControls(text: string): string {
  const parts = text.split(/(\x1b\[(?:[12]|22|3\d)m)/)
  return parts.map((each, index) => (index % 2 === 1 ? each : linesWithoutControls(each))).join('')
}
