/**
 * What others have written (mail, a log, a configuration, the name of a file) may hold characters that a terminal obeys:
 * none of them shall move its cursor, turn the way in which it writes, or hide what stands beside.
 */

/** C0, C1, what changes the direction, ends of lines and U+FEFF. A lone surrogate U+DC80..U+DC9F is a byte of C1. */
const controls = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff\udc80-\udc9f]/gu
const controlsInLine = /[\0-\x08\x0b-\x1f\x7f-\x9f\p{Bidi_Control}\u2028\u2029\ufeff\udc80-\udc9f]/gu

export function holdsControls(text: string): boolean {
  return text.search(controls) >= 0
}

/** On one line. */
export function withoutControls(text: string): string {
  return text.replace(controls, '?')
}

/** Lines and tabs stay. */
export function linesWithoutControls(text: string): string {
  return text.replace(controlsInLine, '?')
}

/** The same, and our own colours stay. */
export function colouredWithoutControls(text: string): string {
  const parts = text.split(/(\x1b\[(?:[12]|22|3[12369])m)/)
  return parts.map((each, index) => (index % 2 === 1 ? each : linesWithoutControls(each))).join('')
}

/** In JSON, where it is the same text; lines stay. */
export function escapedControls(json: string): string {
  return json.replace(controlsInLine, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
