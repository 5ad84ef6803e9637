/**
 * The value of a parameter with every $name in it replaced, as `postconf -x` does it.
 * Where values come from is the caller's business. Source: postconf(5) "FILE FORMAT"; mac_parse.c, mac_expand.c.
 */

import {printable} from '../base/printable.ts'
import {isRelease} from '../base/release.ts'
import {compareOperands, OPERATORS} from './compare-operands.ts'

/** The value cannot be expanded: postconf and every daemon that needs it give up. */
export class ExpansionFault extends Error {
  override name = 'ExpansionFault'
  /** The texts of the warnings that came before. */
  readonly warnings: string[]

  constructor(message: string, warnings: string[]) {
    super(message)
    this.warnings = warnings.map(printable)
  }
}

/** The unexpanded value of a parameter, undefined when there is no such parameter. */
export type Lookup = (name: string) => string | undefined

/** What releases of Postfix read differently. */
export interface Dialect {
  /** `<=level` and its like compare compatibility levels: since 3.6. */
  levels: boolean
  /** `${name{text}}` calls a function, of which this file knows none: since 3.11. */
  functions: boolean
}

/** Of the Postfix whose mail_version this is; of one in between where it is unknown. Source: Postfix's HISTORY. */
export function dialectOf(mail_version = '3.7'): Dialect {
  return {levels: isRelease(mail_version, '3.6'), functions: isRelease(mail_version, '3.11')}
}

interface ExpandOptions {
  dialect?: Dialect
  isRaw?: (name: string) => boolean
}

/** Values found are expanded in turn, except those that `isRaw`. Throws an ExpansionFault. */
export function expand(
  value: string,
  lookup: Lookup,
  {dialect = usualDialect, isRaw = () => false}: ExpandOptions = {},
): string {
  if (!value.includes('$')) return value
  const warnings: string[] = []
  const {text, failed} = expandAlone(value, {lookup, dialect, isRaw, scan: false, warnings}, 0)
  if (failed) throw new ExpansionFault(PROCESSING_ERROR, warnings)
  return text
}

/** Blanks as postconf prints them: one space for each run, none at the ends. */
export function collapse(value: string): string {
  return value.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '')
}

/** Every name that the value refers to, in all branches and operands, in order and without repeats. */
export function mentionedNames(value: string): string[] {
  const names = new Set<string>()
  const lookup = (name: string) => {
    names.add(name)
    return undefined
  }
  expandAlone(value, {lookup, dialect: usualDialect, isRaw: () => false, scan: true, warnings: []}, 0)
  return [...names]
}

/** The fault is returned: for who goes on without it. */
export function tryExpand(value: string, lookup: Lookup, mail_version?: string): string | ExpansionFault {
  if (!value.includes('$')) return value
  try {
    return expand(value, lookup, {dialect: dialectOf(mail_version)})
  } catch (error) {
    if (error instanceof ExpansionFault) return error
    throw error
  }
}

const madeInEachProcess = ['process_name', 'process_id', 'service_name']

/**
 * With single blanks; undefined where it is not certain what a value stands for: it cannot be expanded, or has a name that
 * nothing sets, or that each process has for itself.
 */
export function expandForSure(value: string, lookup: Lookup, mail_version?: string): string | undefined {
  let isSure = true
  const look = (name: string): string | undefined => {
    const found = lookup(name)
    if (found === undefined || madeInEachProcess.includes(name)) isSure = false
    return found
  }
  const expansion = tryExpand(value, look, mail_version)
  return isSure && typeof expansion === 'string' ? collapse(expansion) : undefined
}

const usualDialect = dialectOf()

interface Surroundings {
  lookup: Lookup
  dialect: Dialect
  isRaw: (name: string) => boolean
  /** Visit all branches and compare nothing. */
  scan: boolean
  warnings: string[]
}

interface Expansion extends Surroundings {
  /** How deep references are nested here, and in the expansions that this one is an operand of. */
  level: number
  outerLevels: number
  failed: boolean
}

const PROCESSING_ERROR = 'macro processing error'
const MAX_LEVEL = 100
// Postfix gives each operand a level count of its own, so that a loop through one ends in a crash. Ours fails here.
const MAX_ALL_LEVELS = 500

/** Expands a whole value or an operand. When that fails, `text` is what there was before the error. */
function expandAlone(
  value: string,
  {lookup, dialect, isRaw, scan, warnings}: Surroundings,
  outerLevels: number,
): {text: string; failed: boolean} {
  const expansion: Expansion = {lookup, dialect, isRaw, scan, warnings, level: 0, outerLevels, failed: false}
  const text = replaceReferences(value, expansion)
  return {text, failed: expansion.failed}
}

/** After an error Postfix still looks through the rest, and may warn again, but no further than the next bracket. */
function replaceReferences(value: string, expansion: Expansion): string {
  let result = ''
  let literal = ''
  let at = 0
  while (at < value.length) {
    const dollar = value.indexOf('$', at)
    literal += value.slice(at, dollar === -1 ? value.length : dollar)
    if (dollar === -1) break
    if (value[dollar + 1] === '$') {
      literal += '$'
      at = dollar + 2
      continue
    }
    if (literal !== '') result += countLevel(literal, expansion, () => literal)
    literal = ''
    const isBracketed = value[dollar + 1] === '{' || value[dollar + 1] === '('
    const end = isBracketed ? findEnd(value, dollar + 1) : skipName(value, dollar + 1)
    if (end === -1) {
      failWith(expansion, `truncated macro reference: "${value}"`)
      break
    }
    if (isBracketed && expansion.failed) break
    const reference = isBracketed ? value.slice(dollar + 2, end - 1) : value.slice(dollar + 1, end)
    if (reference === '') {
      failWith(expansion, `empty macro name: "${value}"`)
      break
    }
    result += countLevel(reference, expansion, () => replaceReference(reference, expansion))
    at = end
  }
  if (literal !== '' && !expansion.failed) result += countLevel(literal, expansion, () => literal)
  return result
}

function countLevel(content: string, expansion: Expansion, produce: () => string): string {
  const isEndless = expansion.level + expansion.outerLevels > MAX_ALL_LEVELS
  const isTooDeep = isEndless || expansion.level > MAX_LEVEL
  // What is refused stays counted, so that Postfix goes on to warn about whatever is behind a loop.
  expansion.level++
  if (isTooDeep) failWith(expansion, `unreasonable macro call nesting: "${content}"`)
  // Stop here: operands beside this one would double the work at every level.
  if (isEndless) throw new ExpansionFault(PROCESSING_ERROR, expansion.warnings)
  if (expansion.failed) return ''
  const text = produce()
  expansion.level--
  return text
}

/** `content` is what stands between the brackets. */
function replaceReference(content: string, expansion: Expansion): string {
  const start = skipBlanks(content, 0)
  const condition =
    content[start] === '{' ? takeRelation(content, start, expansion) : takeName(content, start, expansion)
  if (condition === undefined) return ''
  const {value, end} = condition
  if (end < content.length) return chooseText(content, end, value !== undefined && value !== '', expansion)
  if (value === undefined || condition.isRaw) return value ?? ''
  return replaceReferences(value, expansion)
}

interface ConditionalValue {
  /** Undefined when there is no such parameter. */
  value: string | undefined
  /** Where the selector is, or the end of the content. */
  end: number
  /** The value is not to be expanded. */
  isRaw: boolean
}

function takeName(content: string, start: number, expansion: Expansion): ConditionalValue | undefined {
  const nameEnd = skipName(content, start)
  const end = skipBlanks(content, nameEnd)
  if (content[end] === '{' && expansion.dialect.functions) {
    return callFunction(content.slice(start, nameEnd), content, end, expansion)
  }
  if (end < content.length && content[end] !== '?' && content[end] !== ':') {
    const before = content.slice(0, nameEnd)
    return failWith(expansion, `attribute name syntax error at: "...${before}>>>${quoteFrom(content, nameEnd)}"`)
  }
  const name = content.slice(start, nameEnd)
  return {value: expansion.lookup(name), end, isRaw: expansion.isRaw(name)}
}

function callFunction(name: string, content: string, start: number, expansion: Expansion): undefined {
  const argument = takeBraced(content, start, expansion)
  if (argument === undefined) return undefined
  const {text, end} = argument
  if (end < content.length)
    return failWith(expansion, `unexpected input at: "...${text}}>>>${quoteFrom(content, end)}"`)
  return failWith(expansion, `unknown function "${name}" at"...>>>${name}{${text}}"`)
}

function takeRelation(content: string, start: number, expansion: Expansion): ConditionalValue | undefined {
  const left = takeBraced(content, start, expansion)
  if (left === undefined) return undefined
  const operatorEnd = skipWhile(content, left.end, OPERATOR_CHARACTER)
  const operator = content.slice(left.end, operatorEnd)
  if (!OPERATORS.has(operator)) {
    const expected = '"==" or "!="" or "<"" or "<="" or ">="" or ">"'
    return failWith(expansion, `${expected} expected at: "...${left.text}}>>>${quoteFrom(content, left.end)}"`)
  }
  const suffixEnd = expansion.dialect.levels ? skipWhile(content, operatorEnd, ALPHANUMERIC) : operatorEnd
  const suffix = content.slice(operatorEnd, suffixEnd)
  if (suffix !== '' && suffix !== 'level') {
    return failWith(expansion, `bad operator suffix at: "...${operator}>>>${suffix}"`)
  }
  const rightStart = skipBlanks(content, suffixEnd)
  if (content[rightStart] !== '{') {
    const before = `{${left.text}} ${operator}`
    return failWith(expansion, `"{expression}" expected at: "...${before}>>>${quoteFrom(content, suffixEnd)}"`)
  }
  const right = takeBraced(content, rightStart, expansion)
  if (right === undefined) return undefined
  const value = evaluateRelation(left.text, operator, suffix === 'level', right.text, expansion)
  if (expansion.failed) return undefined
  const {end} = right
  if (end < content.length && content[end] !== '?' && content[end] !== ':') {
    return failWith(expansion, `"?" or ":" expected at: "...}>>>${quoteFrom(content, end)}"`)
  }
  return {value, end, isRaw: false}
}

function evaluateRelation(
  leftText: string,
  operator: string,
  asLevels: boolean,
  rightText: string,
  expansion: Expansion,
): string | undefined {
  const outerLevels = expansion.outerLevels + expansion.level
  const left = expandAlone(leftText, expansion, outerLevels)
  const right = expandAlone(rightText, expansion, outerLevels)
  if (left.failed || right.failed) expansion.failed = true
  if (expansion.scan) return ''
  // Compared even after an error: what is wrong with the remains of an operand is told as well.
  const outcome = compareOperands(left.text, operator, asLevels, right.text)
  if (typeof outcome === 'boolean') return outcome ? 'true' : ''
  if (outcome.fatal) throw new ExpansionFault(printable(outcome.reason), expansion.warnings)
  return failWith(expansion, outcome.reason)
}

/** What `?text`, `?{text}:{text}` or `:text` stands for; `at` is the place of the first selector. */
function chooseText(content: string, at: number, isSet: boolean, expansion: Expansion): string {
  let result = ''
  let otherwise = at
  if (content[at] === '?') {
    const chosen = takeBranch(content, at + 1, expansion)
    if (chosen === undefined) return ''
    if (isSet || expansion.scan) result = replaceReferences(chosen.text, expansion)
    if (chosen.end === content.length) return result
    if (content[chosen.end] !== ':') {
      failWith(expansion, `":" expected at: "...${chosen.text}}>>>${quoteFrom(content, chosen.end)}"`)
      return result
    }
    otherwise = chosen.end
  }
  const chosen = takeBranch(content, otherwise + 1, expansion)
  if (chosen === undefined) return result
  if (!isSet || expansion.scan) result += replaceReferences(chosen.text, expansion)
  if (chosen.end < content.length) {
    failWith(expansion, `unexpected input at: "...${chosen.text}}>>>${quoteFrom(content, chosen.end)}"`)
  }
  return result
}

/** `{text}`, or without braces everything up to the end. */
function takeBranch(content: string, start: number, expansion: Expansion): {text: string; end: number} | undefined {
  const brace = skipBlanks(content, start)
  if (content[brace] === '{') return takeBraced(content, brace, expansion)
  return {text: content.slice(start), end: content.length}
}

/** `end` is behind the blanks that follow the closing brace. */
function takeBraced(content: string, start: number, expansion: Expansion): {text: string; end: number} | undefined {
  const end = findEnd(content, start)
  if (end === -1) return failWith(expansion, `unbalanced {} in attribute expression: "${content.slice(start)}"`)
  return {text: content.slice(start + 1, end - 1), end: skipBlanks(content, end)}
}

function failWith(expansion: Expansion, warning: string): undefined {
  expansion.warnings.push(warning)
  expansion.failed = true
}

/** The place behind the bracket that closes the one at `start`, -1 when there is none. Other brackets do not count. */
function findEnd(text: string, start: number): number {
  const open = text[start]
  const close = open === '{' ? '}' : ')'
  let depth = 0
  for (let at = start; at < text.length; at++) {
    if (text[at] === open) depth++
    else if (text[at] === close && --depth === 0) return at + 1
  }
  return -1
}

// Sets of characters as strings: the first use of a regular expression takes longer than all of these.
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const NAME_CHARACTER = `${ALPHANUMERIC}_`
const OPERATOR_CHARACTER = '<>!=?+-*/~&|%'
const BLANK = ' \t\r\n'

function skipName(text: string, from: number): number {
  return skipWhile(text, from, NAME_CHARACTER)
}

function skipBlanks(text: string, from: number): number {
  return skipWhile(text, from, BLANK)
}

function skipWhile(text: string, from: number, kind: string): number {
  let at = from
  while (at < text.length && kind.includes(text.charAt(at))) at++
  return at
}

/** Messages quote at most 20 characters of what follows the error. */
function quoteFrom(text: string, from: number): string {
  return text.slice(from, from + 20)
}
