/**
 * One change in a file of the journal, read: all of it, or only how it began and how it ended. What is invalid, and
 * what a newer program has written, is refused by its name.
 * A line is one JSON value: the beginning, then the before-images of each step, then "complete", and how it ended.
 */

import {closeSync, readSync} from 'node:fs'
import {openFile, readBytes} from '../files/read.ts'
import {Refusal} from '../model/base/errors.ts'
import {isRecord} from '../model/base/json.ts'
import {newline} from '../model/base/text.ts'
import type {BeforeImage} from '../model/change/before-image.ts'
import type {Beginning, Mark} from '../model/change/past.ts'
import type {Step} from '../model/change/plan.ts'
import {areBeforeImages, areMarks, areTexts, isBeginning} from './shape.ts'

/**
 * Is on the first line. Grows when an older program could not take back what a newer one writes. Before there was a
 * number the lines were the same.
 */
const journalSchema = 5

/**
 * Schema 1 has no changes of plugins, 2 no whole trees, 3 no lines; 4 has the directories of a new instance as words. All
 * else is the same.
 */
export function schemaOf({request}: Beginning, steps: readonly Step[] = []): number {
  const hasLine = steps.some((each) => 'line' in each || (each.do === 'restore' && each.trace.was === 'line'))
  if (request.action === 'create' || request.action === 'import') return journalSchema
  return hasLine ? 4 : ({plugins: 2, undo: 3}[request.action as string] ?? 1)
}

/** How many bytes a change may write here. What is larger was not written by us, and could not be read in one piece. */
export const largestEntry = 256 * 2 ** 20

/** A beginning has the request; that of `edit` has two texts of a file. */
const longestEnd = 32 * 2 ** 20

const firstPiece = 16 * 1024

export type ChangeEnd = 'complete' | 'done' | 'undone' | 'undone in part'

const endings: readonly unknown[] = ['complete', 'done', 'undone', 'undone in part'] satisfies ChangeEnd[]

export type JournalLine =
  | {schema: number; number?: number | undefined; begin: Beginning}
  | {traces: BeforeImage[]}
  | {end: ChangeEnd; after?: Mark[]; left?: string[]}

/** A newer program has written it, and that one can read it. */
export class Newer extends Refusal {}

/** How a change began, and the last that is known of it. */
export interface Ends {
  begin: Beginning
  /** Its place in the order of changes; absent in what older programs have written. */
  number: number | undefined
  end: ChangeEnd | undefined
}

export interface JournalEntry extends Ends {
  /** In the order in which they were written. */
  traces: BeforeImage[]
  after: Mark[]
  /** What could not be brought back, each with its reason. */
  left: string[]
  /** Bytes of whole lines. */
  length: number
}

/** Undefined where the run was killed before it had begun. Throws a Refusal, and what open(2) and read(2) say. */
export function readEntry(path: string): JournalEntry | undefined {
  const bytes = readBytes(path, largestEntry)
  const lines = [...jsonLines(bytes)].map((text, at) => parseLine(path, text, at + 1))
  const [first, ...others] = lines
  if (first === undefined) {
    if (!isBegun(bytes)) throw senseless(path, 1)
    return undefined
  }
  if (!('begin' in first)) throw senseless(path, 1)
  const again = others.findIndex((each) => 'begin' in each)
  if (again >= 0) throw senseless(path, again + 2)
  const ends = others.flatMap((each) => ('end' in each ? [each] : []))
  return {
    begin: first.begin,
    number: first.number,
    traces: others.flatMap((each) => ('traces' in each ? each.traces : [])),
    after: ends.flatMap(({after}) => after ?? []),
    left: ends.flatMap(({left}) => left ?? []),
    end: ends.at(-1)?.end,
    length: bytes.lastIndexOf(newline) + 1,
  }
}

/** What is there when the run was killed while it wrote its first line, by this program or an older one. */
function isBegun(bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, 10)
  return ['{"schema":', '{"begin":{'].some((each) => each.startsWith(text))
}

/**
 * The same of the first and the last line alone: there may be many megabytes between them. A change that is over has
 * begun: refuses what has no first line.
 */
export function readEnds(path: string): Ends {
  const {descriptor, stats} = openFile(path)
  try {
    return findEnds(path, descriptor, stats.size)
  } finally {
    closeSync(descriptor)
  }
}

function findEnds(path: string, descriptor: number, size: number): Ends {
  const head = growing(size, (length) => firstLine(readPiece(descriptor, 0, length)))
  if (head === undefined) throw senseless(path, 1)
  const first = parseLine(path, head, 1)
  if (!('begin' in first)) throw senseless(path, 1)
  const {begin, number} = first
  const tail = growing(size, (length) => lastLine(readPiece(descriptor, size - length, length), length === size))
  const last = tail === undefined || tail === head ? undefined : parseLine(path, tail, 'last')
  return {begin, number, end: last !== undefined && 'end' in last ? last.end : undefined}
}

/** Fewer bytes where the file has become shorter. */
function readPiece(descriptor: number, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  for (let count = -1; count !== 0 && done < length; done += count) {
    count = readSync(descriptor, bytes, done, length - done, start + done)
  }
  return bytes.subarray(0, done)
}

/** What `find` finds in a piece that becomes longer until it does. */
function growing(size: number, find: (length: number) => string | undefined): string | undefined {
  for (let length = firstPiece; ; length *= 8) {
    const found = find(Math.min(length, size))
    if (found !== undefined || length >= Math.min(size, longestEnd)) return found
  }
}

function firstLine(piece: Buffer): string | undefined {
  const end = piece.indexOf(newline)
  return end < 0 ? undefined : piece.toString('utf8', 0, end)
}

/** A last line without its line feed was being written when the run was killed: its step had not acted yet. */
function lastLine(piece: Buffer, isWhole: boolean): string | undefined {
  const end = piece.lastIndexOf(newline)
  const start = end <= 0 ? -1 : piece.lastIndexOf(newline, end - 1)
  return end < 0 || (start < 0 && !isWhole) ? undefined : piece.toString('utf8', start + 1, end)
}

function* jsonLines(bytes: Buffer): Generator<string> {
  for (let start = 0, end = 0; ; start = end + 1) {
    end = bytes.indexOf(newline, start)
    if (end < 0) return
    yield bytes.toString('utf8', start, end)
  }
}

function parseLine(path: string, text: string, which: number | 'last'): JournalLine {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw senseless(path, which)
    throw error
  }
  if (which === 1 && isRecord(value)) checkSchema(path, value)
  const line = toLine(value)
  if (line === undefined) throw senseless(path, which)
  return line
}

/** Undefined where it is invalid. */
export function toLine(value: unknown): JournalLine | undefined {
  if (!isRecord(value)) return undefined
  const {begin, number, traces, end, after, left} = value
  if (isBeginning(begin)) {
    return number === undefined || isChangeNumber(number) ? {schema: schemaOf(begin), number, begin} : undefined
  }
  if (areBeforeImages(traces)) return {traces}
  if (!isEnding(end) || !(after === undefined || areMarks(after)) || !(left === undefined || areTexts(left))) {
    return undefined
  }
  return {end, ...(after === undefined ? {} : {after}), ...(left === undefined ? {} : {left})}
}

/** Refuses what a newer program has written. It names the change as far as it can be read. */
function checkSchema(path: string, line: Record<string, unknown>): void {
  const {schema: found = journalSchema, begin} = line
  if (typeof found !== 'number' || found <= journalSchema) return
  const {request, config_directory} = isRecord(begin) ? begin : {}
  const action = isRecord(request) ? request.action : undefined
  const what =
    typeof action === 'string' && typeof config_directory === 'string' ? `${action} of ${config_directory}` : ''
  throw new Newer(
    [`${path} was written by a newer postmulti (schema ${found}, this one knows ${journalSchema})`, what]
      .filter(Boolean)
      .join(': '),
  )
}

function senseless(path: string, line: number | 'last'): Refusal {
  return new Refusal(`${path} is invalid (${line === 'last' ? 'last line' : `line ${line}`})`)
}

function isChangeNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

function isEnding(value: unknown): value is ChangeEnd {
  return endings.includes(value)
}
