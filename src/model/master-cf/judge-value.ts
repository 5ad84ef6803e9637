/**
 * Whether a value is of the kind that its parameter takes, as the programs of Postfix read it.
 * Source: mail_conf_bool.c, mail_conf_int.c, mail_conf_long.c, mail_conf_time.c, conv_time.c, name_code.c and name_mask.c.
 */
import {isRelease} from '../base/release.ts'
import {nearest} from '../instance/nearest.ts'
import {transportRows, untyped, type ValueRow, valueRows} from './value-types.ts'

/** What is wrong with a value. */
export interface Misfit {
  /** A program that reads it ends with a fatal error; else it is a guess from the default, and it may be right. */
  certain: boolean
  /** What is allowed, in words: `yes or no`. */
  allowed: string
  /** The programs that read it when they start, by their names in master.cf; '*' is every one. None where it is a guess. */
  readers: readonly string[]
  /** Where this is so, nothing reads it. */
  unless: readonly [name: string, value: string] | undefined
  /** What was meant, where that is plain: 52428800 for 50M. */
  meant: string | undefined
}

/** The built-in default of a parameter, unexpanded. */
export type DefaultOf = (name: string) => string | undefined

/** `value` is expanded, with single blanks. Undefined where nothing is known against it. */
export function judgeValue(name: string, value: string, defaultOf: DefaultOf): Misfit | undefined {
  const type = typeOf(name)
  if (type !== undefined) return judgeByType(value, type, defaultOf('mail_version') ?? '')
  const kind = untyped.includes(name) ? undefined : guessKind(defaultOf(name))
  if (kind === undefined) return undefined
  return judgeByType(value, {row: {kind, readers: '', names: ''}, least: undefined, most: undefined}, '')
}

/** Whether a program of master.cf ends at it. */
export function endsAt({certain, readers}: Misfit, program: string): boolean {
  return certain && (readers.includes('*') || readers.includes(program))
}

/** What becomes of these programs, by their names in master.cf; '*' is every one. */
export function describeWhoEnds(programs: readonly string[]): string {
  if (programs.includes('*')) return 'no program of Postfix starts'
  const ends = programs.length === 1 ? 'ends when it starts' : 'end when they start'
  return `${programs.map((each) => `${each}(8)`).join(', ')} ${ends}`
}

/** Each parameter of the table by name, and each end of a transport's. */
interface Type {
  row: ValueRow
  least: number | undefined
  most: number | undefined
}

let types: Map<string, Type> | undefined
let ends: [end: string, type: Type][] | undefined

function typeOf(name: string): Type | undefined {
  types ??= new Map(valueRows.flatMap(typesOf))
  const found = types.get(name)
  if (found !== undefined) return found
  ends ??= transportRows.flatMap(typesOf).toSorted(([one], [other]) => other.length - one.length)
  return ends.find(([end]) => name.length > end.length && name.endsWith(end))?.[1]
}

/** A name and its bounds, as the table has them. */
export function typesOf(row: ValueRow): [name: string, type: Type][] {
  return row.names
    .trim()
    .split(/\s+/)
    .map((each) => {
      const [, name = '', least, most] = /^(\w+)(?:>=(\d+))?(?:<=(\d+))?$/.exec(each) ?? []
      const bound = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
      return [name, {row, least: bound(least), most: bound(most)}]
    })
}

function guessKind(usual = ''): ValueRow['kind'] | undefined {
  if (/^(?:yes|no)$/.test(usual)) return 'boolean'
  if (/^\d+$/.test(usual)) return 'number'
  return /^\d+[smhdw]$/.test(usual) ? 'time' : undefined
}

function judgeByType(value: string, type: Type, mail_version: string): Misfit | undefined {
  const words = allowedWords(type.row, mail_version)
  const verdict = fitsType(value, type, words)
  if (verdict === 'right') return undefined
  const {readers, unless} = type.row
  const [name = '', usual = ''] = unless?.split('=') ?? []
  const plain = meantBy(value, type, words)
  return {
    certain: verdict === 'wrong' && readers !== '',
    allowed: describeAllowed(type, words),
    readers: readers.split(' ').filter((each) => each !== ''),
    unless: unless === undefined ? undefined : [name, usual],
    meant: plain !== undefined && fitsType(plain, type, words) === 'right' ? plain : undefined,
  }
}

/** The words that a release knows. */
export function allowedWords({words = ''}: ValueRow, mail_version: string): string[] {
  return words.split(' ').flatMap((each) => {
    const [word = '', since] = each.split('>=')
    return since === undefined || isRelease(mail_version, since as `${number}.${number}`) ? word : []
  })
}

/** `odd` is what Postfix takes for something that nobody means. */
function fitsType(value: string, type: Type, allowed: readonly string[]): 'right' | 'odd' | 'wrong' {
  const {kind} = type.row
  const orEmpty = type.row.orEmpty === true
  const isExact = type.row.exact === true
  switch (kind) {
    case 'boolean':
      return /^(?:yes|no)$/i.test(value) ? 'right' : 'wrong'
    case 'number':
    case 'size':
      return isNumber(value, kind === 'size' ? 63n : 31n) && isWithin(Number(value), type) ? 'right' : 'wrong'
    case 'time':
      return fitsTime(value, type)
    case 'text':
      return value === '' ? 'wrong' : 'right'
    case 'word':
      return allowed.includes(isExact ? value : value.toLowerCase()) || (orEmpty && value === '') ? 'right' : 'wrong'
    case 'words': {
      const found = value.split(/[\s,]+/).filter((each) => each !== '')
      const isRight = found.every((each) => allowed.includes(each)) && (orEmpty || value !== '')
      return isRight ? 'right' : 'wrong'
    }
  }
}

function isNumber(value: string, bits: bigint): boolean {
  if (!/^[+-]?\d{1,25}$/.test(value)) return false
  const number = BigInt(value.replace('+', ''))
  return number >= -(1n << bits) && number < 1n << bits
}

/** A bound of 0 is none. */
function isWithin(number: number, {least, most}: Type): boolean {
  return !((least !== undefined && number < least) || (most !== undefined && number > most))
}

const seconds: Record<string, number> = {'': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800}
const largest = 2 ** 31 - 1
const units = /^(?:s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?|)$/

/** Postfix reads one letter behind the number, which is 0 where there is none, and nothing behind that letter. */
function fitsTime(value: string, type: Type): 'right' | 'odd' | 'wrong' {
  const [, digits = '', unit = ''] = /^([+-]?\d*)(.*)$/s.exec(value) ?? []
  const factor = seconds[unit.slice(0, 1)]
  const number = Number(digits === '' ? 0 : digits)
  if (value === '' || factor === undefined || number < 0) return 'wrong'
  // Postfix does without the last one that it could hold, but for seconds.
  const most = factor === 1 ? largest : Math.floor(largest / factor) - 1
  if (number > most || !isWithin(number * factor, type)) return 'wrong'
  return digits !== '' && units.test(unit) ? 'right' : 'odd'
}

const powers: Record<string, bigint> = {k: 1024n, m: 1024n ** 2n, g: 1024n ** 3n}

function meantBy(value: string, {row: {kind}}: Type, words: readonly string[]): string | undefined {
  const bare = value.replace(/\s*#.*$/s, '')
  if (bare !== value && bare !== '') return bare
  if (kind === 'boolean') {
    if (/^(?:true|on|1|y|enabled?|yes[;.])$/i.test(value)) return 'yes'
    return /^(?:false|off|0|n|disabled?|no[;.]|none)$/i.test(value) ? 'no' : undefined
  }
  if (kind === 'number' || kind === 'size') {
    const [, digits = '', power = ''] = /^(\d{1,9}) ?([kmg])i?b?$/i.exec(value) ?? []
    return power === '' ? undefined : String(BigInt(digits) * (powers[power.toLowerCase()] ?? 1n))
  }
  if (kind === 'time')
    return /^\d+ [smhdw]/.test(value) ? value.replace(' ', '').replace(/(?<=^\d+[smhdw]).*/s, '') : undefined
  if (kind !== 'word') return undefined
  const near = nearest(value, words)
  return near.length === 1 ? near[0] : undefined
}

function describeAllowed({row, least, most}: Type, words: readonly string[]): string {
  const {kind, orEmpty} = row
  const bounds = (unit: string): string => {
    if (least === undefined) return most === undefined ? '' : `, ${most}${unit} at most`
    return most === undefined ? `, ${least}${unit} at least` : `, ${least}${unit} to ${most}${unit}`
  }
  const list = words.join(', ')
  switch (kind) {
    case 'boolean':
      return 'yes or no'
    case 'number':
      return `a number${bounds('')}`
    case 'size':
      return `a number of bytes, without a unit${bounds('')}`
    case 'time':
      return `a number with one of the units s, m, h, d, w, or none${bounds('s')}`
    case 'text':
      return 'anything but nothing'
    case 'word':
      return `one of ${list}${orEmpty ? ', or nothing' : ''}`
    case 'words':
      return `words of ${list}${orEmpty ? ', or nothing' : ''}`
  }
}
