/**
 * What is being changed, on disk before it happens: the next run can take back or complete what a killed run began.
 * One change at a time is in `pending`; when it is over the record moves to `journal/`, where history finds it. Its
 * number is the order of changes, whatever the clock says.
 */

import {closeSync, fdatasyncSync, ftruncateSync} from 'node:fs'
import {makeDirectories, remove} from '../files/act.ts'
import {isRoot, realUserId} from '../files/caller.ts'
import {isForeign} from '../files/directory.ts'
import {append, moveRecord, openRecord, syncDirectory} from '../files/own.ts'
import {lookAt, quietly, readEntries} from '../files/read.ts'
import {Refusal, ToolFailure} from '../model/base/errors.ts'
import {errorCode, explainError} from '../model/base/system-error.ts'
import type {BeforeImage} from '../model/change/before-image.ts'
import type {Beginning, Mark} from '../model/change/past.ts'
import type {Step} from '../model/change/plan.ts'
import {
  type ChangeEnd,
  type JournalEntry,
  type JournalLine,
  largestEntry,
  Newer,
  readEntry,
  schemaOf,
  toLine,
} from './entry.ts'

export interface Unfinished extends JournalEntry {
  /** All steps were carried out; only the clearing away is left. */
  complete: boolean
}

/** When, and by whom. */
export function describeCaller(): Pick<Beginning, 'began' | 'pid' | 'uid' | 'sudoUser'> {
  const {pid, env} = process
  return {began: new Date().toISOString(), pid, uid: realUserId(), sudoUser: env.SUDO_USER ?? null}
}

export class Journal {
  readonly #directory: string
  readonly #descriptor: number
  readonly #number: number
  /** Bytes that were written in full. */
  #length: number
  readonly #largest: number

  private constructor(directory: string, descriptor: number, number: number, length: number, largest: number) {
    this.#directory = directory
    this.#descriptor = descriptor
    this.#number = number
    this.#length = length
    this.#largest = largest
  }

  /** Refuses to write more than `largest` bytes. */
  static begin(directory: string, begin: Beginning, steps: readonly Step[] = [], largest = largestEntry): Journal {
    makeDirectories(`${directory}/journal`, 0o700)
    const number = nextNumber(directory)
    const descriptor = openRecord(pendingIn(directory), 'anew')
    const journal = new Journal(directory, descriptor, number, 0, largest)
    journal.#write({schema: schemaOf(begin, steps), number, begin})
    syncDirectory(directory)
    return journal
  }

  /** Of a run that was killed, to say how it ends. */
  static resume(directory: string, {number, length}: Unfinished): Journal {
    makeDirectories(`${directory}/journal`, 0o700)
    const descriptor = openRecord(pendingIn(directory), 'again')
    ftruncateSync(descriptor, length)
    return new Journal(directory, descriptor, number ?? nextNumber(directory), length, largestEntry)
  }

  /** What the next step is about to change. */
  record(traces: BeforeImage[]): void {
    this.#write({traces})
  }

  /** From here on only an undo takes the change back; it compares with `after`. */
  complete(after: Mark[]): void {
    this.#write({end: 'complete', after})
  }

  /** `left` is what could not be brought back. */
  end(how: Exclude<ChangeEnd, 'complete'>, left: string[] = []): void {
    // This line is for the history alone: a full disk does not fail a finished change.
    quietly(() => this.#write({end: how, ...(left.length === 0 ? {} : {left})}))
    quietly(() => closeSync(this.#descriptor))
    close(this.#directory, this.#number)
  }

  #write(line: JournalLine): void {
    // Before anything is done: a change that could not be taken back would keep all others from being made.
    if (toLine(line) === undefined) throw new Error(`Not a line of a journal: ${JSON.stringify(line).slice(0, 1000)}`)
    const bytes = lineBytes(line)
    if (bytes === undefined || this.#length + bytes.length > this.#largest) {
      throw new ToolFailure(`write ${pendingIn(this.#directory)}`, null, `it would be more than ${this.#largest} bytes`)
    }
    try {
      append(this.#descriptor, bytes)
      fdatasyncSync(this.#descriptor)
    } catch (error) {
      // The next line must not become the end of this one.
      ftruncateSync(this.#descriptor, this.#length)
      throw error
    }
    this.#length += bytes.length
  }
}

/** Undefined where it is too long for a string. */
function lineBytes(line: JournalLine): Buffer | undefined {
  try {
    return Buffer.from(`${JSON.stringify(line)}\n`)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The change that a run before us began and did not end. Refuses when it is not known what it had done. */
export function readUnfinished(directory: string): Unfinished | undefined {
  const pending = pendingIn(directory)
  try {
    const stats = lookAt(pending)
    if (stats !== undefined && isRoot() && isForeign(stats)) {
      throw new Refusal(`${pending} can be written by others than root`)
    }
    const entry = readEntry(pending)
    if (entry === undefined) return undefined
    return {...entry, complete: entry.end === 'complete' || entry.end === 'done'}
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    if (error instanceof Newer) throw new Refusal(`${error.message}: let that one take it back or complete it first`)
    const why = error instanceof Refusal ? error.message : `${pending}: ${explainError(error)}`
    throw new Refusal(
      `${why}: it is not known what a killed change has done. Look at the host, then move this file away`,
      {
        suggestions: [['mv', pending, `${pending}.damaged`]],
      },
    )
  }
}

/** How many changes history remembers, and how many bytes they may have together. */
const remembered = {changes: 1000, bytes: 256 * 2 ** 20}

function close(directory: string, number: number): void {
  moveRecord(pendingIn(directory), `${directory}/journal/${entryName(number)}`)
  // A failure here must not keep others from changing the host.
  quietly(() => forgetOldest(`${directory}/journal`))
}

/** The newest change always stays. */
function forgetOldest(journal: string): void {
  let bytes = 0
  for (const [age, name] of entryNames(journal).toReversed().entries()) {
    const path = `${journal}/${name}`
    bytes += lookAt(path)?.size ?? 0
    if (age === 0 || (age < remembered.changes && bytes <= remembered.bytes)) continue
    quietly(() => remove(path))
  }
}

/** Oldest first: by number, after those of older programs, whose names are times. */
export function entryNames(journal: string): string[] {
  const names = readEntries(journal).map(({name}) => name)
  const order = (name: string): number => journalNumber(name) ?? 0
  const entries = names.filter((each) => each.endsWith('.jsonl'))
  return entries.sort((one, other) => order(one) - order(other) || (one < other ? -1 : 1))
}

/** What people call the change in a file of this name. */
export function changeId(name: string): string {
  return String(journalNumber(name) ?? name.slice(0, -'.jsonl'.length))
}

/** Undefined in names that older programs gave. */
function journalNumber(name: string): number | undefined {
  const [, digits] = /^(\d{6,15})\.jsonl$/.exec(name) ?? []
  return digits === undefined ? undefined : Number(digits)
}

function entryName(number: number): string {
  return `${String(number).padStart(6, '0')}.jsonl`
}

function nextNumber(directory: string): number {
  const last = entryNames(`${directory}/journal`).at(-1)
  return (last === undefined ? 0 : (journalNumber(last) ?? 0)) + 1
}

export function pendingIn(directory: string): string {
  return `${directory}/pending`
}
