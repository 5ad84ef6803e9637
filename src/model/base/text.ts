/**
 * Bytes and text, without loss: main.cf and argv have no encoding. Valid UTF-8 becomes characters; any other byte
 * becomes a lone surrogate U+DC80..U+DCFF and goes back to that byte.
 */

/** Whether it is the same in every encoding. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

/** Bytes, or the same as latin1 text (one character is one byte). */
export function fromBytes(bytes: Buffer | string): string {
  const latin1 = typeof bytes === 'string' ? bytes : bytes.toString('latin1')
  if (isAscii(latin1)) return latin1
  return latin1.replace(/[\x80-\xff]+/g, decodeRun)
}

export function toBytes(text: string): Buffer {
  if (isAscii(text) || text.isWellFormed()) return Buffer.from(text)
  const parts = text.split(/([\udc80-\udcff])/u).map((each) => {
    const surrogate = each.length === 1 ? each.charCodeAt(0) - 0xdc00 : 0
    return surrogate >= 0x80 && surrogate <= 0xff ? Buffer.from([surrogate]) : Buffer.from(each)
  })
  return Buffer.concat(parts)
}

/** One character for each byte, as the editors of main.cf and master.cf want it. */
export function toLatin1(text: string): string {
  return isAscii(text) ? text : toBytes(text).toString('latin1')
}

/** The same for the values of settings. */
export function allToLatin1(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, toLatin1(value)]))
}

/** The words between separators. Once, this is quicker than a regular expression, which has to be compiled first. */
export function splitWords(text: string, separators = ' \t\r\n,'): string[] {
  const words: string[] = []
  for (let start = 0, at = 0; at <= text.length; at++) {
    if (at < text.length && !separators.includes(text.charAt(at))) continue
    if (at > start) words.push(text.slice(start, at))
    start = at + 1
  }
  return words
}

/** How many bytes it takes on a terminal's line or in a file. */
export function byteLength(text: string): number {
  return toLatin1(text).length
}

const oneCharacter = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\s\S]/g

function decodeRun(run: string): string {
  return run.replace(oneCharacter, (bytes) => {
    const decoded = Buffer.from(bytes, 'latin1').toString('utf8')
    return decoded.includes('\ufffd') && bytes !== '\xef\xbf\xbd'
      ? [...bytes].map((each) => String.fromCharCode(0xdc00 + each.charCodeAt(0))).join('')
      : decoded
  })
}

/** The byte. */
export const newline = 0x0a

/** As chmod(1) takes it. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

/** The lines that have ended, and the begin of another one. */
export function cutLines(text: string): {lines: string[]; rest: string} {
  const end = text.lastIndexOf('\n')
  return {lines: end < 0 ? [] : text.slice(0, end).split('\n'), rest: text.slice(end + 1)}
}

export function firstLineOf(text: string): string {
  const end = text.indexOf('\n')
  return end < 0 ? text : text.slice(0, end)
}
