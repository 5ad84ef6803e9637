/**
 * main.cf with parameters set, removed or commented out, byte for byte as `postconf -e`, `-X` and `-#` leave it.
 * Source: edit_parameters() in postconf_edit.c. Nothing here touches the host.
 *
 * As Postfix does since 3.7.15, 3.8.10, 3.9.4 and 3.10.2, an unterminated last line gets its newline: without it a
 * parameter that is appended is glued to that line, and lost if that is a comment.
 */
import {Refusal} from '../base/errors.ts'

export interface Edit {
  /** NAME = VALUE at every occurrence of NAME, else appended in this order. */
  set?: Record<string, string>
  /** Every occurrence of these becomes a comment. */
  comment?: readonly string[]
  /** Every occurrence of these goes. */
  remove?: readonly string[]
}

/**
 * The edited text. Text, names and values are byte strings (latin1): main.cf has no encoding.
 * What is removed or commented out is so before anything is set. Refuses what postconf refuses in a request.
 */
export function editMainCf(text: string, {set = {}, comment = [], remove = []}: Edit): string {
  const settings = new Map(Object.entries(set).map(([name, value]) => [name, trim(value)]))
  for (const name of settings.keys()) checkParameterName(name)
  for (const name of [...comment, ...remove]) checkParameterName(name)
  checkOneLine([...settings].flat().concat(comment, remove))
  if (remove.length + comment.length + settings.size === 0) return text
  const whole = ended(text)
  const kept = remove.length === 0 ? whole : removeEntries(whole, new Set(remove))
  const unlisted = comment.length === 0 ? kept : commentOut(kept, new Set(comment))
  return settings.size === 0 ? unlisted : setParameters(unlisted, settings)
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** The lines of every entry called `name`, without the comments between them. */
export function linesOfEntries(text: string, name: string): string {
  const entries: string[] = []
  const take = (line: string): string => {
    entries.push(line.endsWith('\n') ? line : `${line}\n`)
    return line
  }
  rewriteLines(text, new Set([name]), {first: take, continued: take})
  return entries.join('')
}

function removeEntries(text: string, names: ReadonlySet<string>): string {
  return rewriteLines(text, names, {first: () => '', continued: () => ''}).lines.join('')
}

function commentOut(text: string, names: ReadonlySet<string>): string {
  const {lines} = rewriteLines(text, names, {
    first: (line) => `#${line}`,
    continued: (line) => `#${line}`,
  })
  return lines.join('')
}

function setParameters(text: string, settings: ReadonlyMap<string, string>): string {
  const {lines, found} = rewriteLines(text, settings, {
    first: (_line, name) => assignment(name, settings.get(name) ?? ''),
    continued: () => '',
  })
  const missing = [...settings].filter(([name]) => !found.has(name)).map(([name, value]) => assignment(name, value))
  const edited = lines.join('')
  return (missing.length > 0 ? ended(edited) : edited) + missing.join('')
}

function assignment(name: string, value: string): string {
  return `${name} = ${value}\n`
}

interface Rewriting {
  first(line: string, name: string): string
  continued(line: string): string
}

/** Pass every line of the entries called `names` through `by`, and every other line unchanged. */
function rewriteLines(text: string, names: {has(name: string): boolean}, by: Rewriting) {
  const found = new Set<string>()
  let inRequested = false
  const lines = (text.match(/[^\n]*\n|[^\n]+/g) ?? []).map((physical) => {
    const line = asCString(physical)
    // Blank lines and comments belong to no entry, even between a line and its continuation.
    if (/^[ \t\n\v\f\r]*(?:#|$)/.test(line)) return line
    if (/^[ \t\n\v\f\r]/.test(line)) return inRequested ? by.continued(line) : line
    // Not VT and FF: here postconf differs from the reader of main.cf.
    const [name = ''] = line.split(/[ \t\r\n=]/, 1)
    inRequested = names.has(name)
    if (!inRequested) return line
    found.add(name)
    return by.first(line, name)
  })
  return {lines, found}
}

/** postconf writes lines as C strings, so a NUL takes the rest of its line along, the newline too. */
function asCString(line: string): string {
  const end = line.indexOf('\0')
  return end === -1 ? line : line.slice(0, end)
}

/** White space is the C locale's; String.trim() would also take the bytes 0x85 and 0xA0. */
function trim(value: string): string {
  return value.replace(/^[ \t\n\v\f\r]+/, '').replace(/[ \t\n\v\f\r]+$/, '')
}

function checkParameterName(name: string): void {
  if (name.startsWith('#')) throw new Refusal('-e, -X, or -# accepts no comment input')
  if (name === '') throw new Refusal('missing attribute name')
  if (/[ \t\n\v\f\r=]/.test(name)) throw new Refusal(`missing '=' after attribute name: "${name}"`)
}

function checkOneLine(texts: readonly string[]): void {
  if (texts.some((each) => /[\n\0]/.test(each))) throw new Refusal('-e, -X, or -# accepts no multi-line input')
}
