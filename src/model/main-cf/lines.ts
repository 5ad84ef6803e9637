/**
 * From the text of a main.cf to its entries, as postconf(1) reads them; master.cf has the same logical lines.
 * Nothing is expanded or collapsed here, and of two entries with one name both are returned.
 * Source: postconf(5) "FILE FORMAT"; readlline.c, split_nameval.c, and dict_load_fp() in dict.c.
 */
import {printable} from '../base/printable.ts'

export interface MainCfEntry {
  name: string
  /** Trimmed, otherwise as written. */
  value: string
  /** Of the first physical line that has content. */
  line: number
}

/** What makes postconf give up, and where. */
export interface Fault {
  line: number
  /** What postconf says after "FILE, line N: ". */
  reason: string
}

export interface ParsedMainCf {
  /** In file order. */
  entries: MainCfEntry[]
  /** There are no entries from below a fault. */
  fault?: Fault
  /** Warnings about text that is indented with nothing above it to continue; that text is not read. */
  indented?: string[]
}

export interface LogicalLine {
  text: string
  /** Of the first physical line that has content. */
  line: number
}

/** `text` is latin1: one character is one byte. */
export function parseMainCf(text: string): ParsedMainCf {
  const parsed: ParsedMainCf = {entries: []}
  const indented: string[] = []
  for (const {text: content, line} of logicalLines(text, indented)) {
    const entry = splitEntry(content, line)
    if ('reason' in entry) {
      parsed.fault = entry
      break
    }
    parsed.entries.push(entry)
  }
  if (indented.length > 0) parsed.indented = indented
  return parsed
}

/** Lines joined with their continuations, without comments and blank lines. Warnings are added to `indented`. */
export function* logicalLines(text: string, indented: string[] = []): Iterable<LogicalLine> {
  let joined = ''
  let line = 0
  let number = 0
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    number++
    end = text.indexOf('\n', start)
    if (end === -1) end = text.length
    // Most of a stock main.cf is comments: they cost one look at their first byte.
    if (text.charCodeAt(start) === NUMBER_SIGN) continue
    const content = skipBlanksUntil(text, start, end)
    if (content === end || text.charCodeAt(content) === NUMBER_SIGN) continue
    if (line > 0 && content > start) {
      joined += text.slice(start, end)
      continue
    }
    if (line > 0 && isAcceptable(joined, indented)) yield {text: upToNul(joined), line}
    joined = text.slice(start, end)
    line = number
  }
  if (line > 0 && isAcceptable(joined, indented)) yield {text: upToNul(joined), line}
}

/** Indented text can only be a continuation. When it is not one, postconf warns and does without it. */
function isAcceptable(joined: string, indented: string[]): boolean {
  if (!isBlank(joined.charCodeAt(0))) return true
  const shown = upToNul(joined).slice(0, 30)
  const rest = joined.length > 30 ? '...' : ''
  indented.push(printable(`logical line must not start with whitespace: "${shown}${rest}"`))
  return false
}

/** Postfix handles a logical line as a C string. */
function upToNul(joined: string): string {
  const nul = joined.indexOf('\0')
  return nul === -1 ? joined : joined.slice(0, nul)
}

function splitEntry(text: string, line: number): MainCfEntry | Fault {
  let end = 0
  while (end < text.length && text.charCodeAt(end) !== EQUALS_SIGN && !isBlank(text.charCodeAt(end))) end++
  if (end === 0) return {line, reason: printable(`missing attribute name: "${text}"`)}
  const equals = skipBlanksUntil(text, end, text.length)
  if (text.charCodeAt(equals) !== EQUALS_SIGN) {
    return {line, reason: printable(`missing '=' after attribute name: "${text}"`)}
  }
  return {name: text.slice(0, end), value: trimBlanks(text, equals + 1), line}
}

// String.trim() would also take bytes like 0xa0, which are data to Postfix.
export function trimBlanks(text: string, from = 0): string {
  const start = skipBlanksUntil(text, from, text.length)
  let end = text.length
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function skipBlanksUntil(text: string, from: number, end: number): number {
  let at = from
  while (at < end && isBlank(text.charCodeAt(at))) at++
  return at
}

const NUMBER_SIGN = 0x23
const EQUALS_SIGN = 0x3d

/** Space, tab, LF, VT, FF, CR. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}
