/**
 * What is being changed, on disk before it happens: the next run can take back or complete what a killed run began.
 * One change at a time is in `pending`; when it is over the record moves to `journal/`, where history finds it.
 * A line is one JSON value: the beginning, then the traces of each step, then "complete", "done" or "undone".
 */
import {
  closeSync,
  constants,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import type {Beginning, Mark} from '../model/past.ts'
import {errorCode} from '../model/system-error.ts'
import type {Trace} from '../model/trace.ts'

export type {Beginning}

type Line = {begin: Beginning} | {traces: Trace[]} | {end: 'complete' | 'done' | 'undone'; after?: Mark[]}

export interface Unfinished {
  begin: Beginning
  /** In the order in which they were written. */
  traces: Trace[]
  /** All steps were carried out; only the clearing away is left. */
  complete: boolean
}

export class Journal {
  readonly #directory: string
  readonly #descriptor: number
  readonly #name: string
  /** Bytes that were written in full. */
  #length = 0

  private constructor(directory: string, descriptor: number, begin: Beginning) {
    this.#directory = directory
    this.#descriptor = descriptor
    this.#name = entryName(begin)
  }

  static begin(directory: string, begin: Beginning): Journal {
    mkdirSync(`${directory}/journal`, {recursive: true, mode: 0o700})
    const {O_WRONLY, O_CREAT, O_TRUNC, O_APPEND} = constants
    const descriptor = openSync(pendingIn(directory), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
    const journal = new Journal(directory, descriptor, begin)
    journal.#write({begin})
    return journal
  }

  /** What the next step is about to change. */
  record(traces: Trace[]): void {
    this.#write({traces})
  }

  /** From here on there is no way back but an undo, which compares with `after`. */
  complete(after: Mark[]): void {
    this.#write({end: 'complete', after})
  }

  end(how: 'done' | 'undone'): void {
    try {
      this.#write({end: how})
    } catch (error) {
      // This line is for history alone: a disk that is full by now makes no failure of what has happened.
      if (errorCode(error) === undefined) throw error
    }
    closeSync(this.#descriptor)
    close(this.#directory, this.#name)
  }

  #write(line: Line): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    try {
      // Not writeSync: on a disk that gets full it writes half of it and says nothing.
      writeFileSync(this.#descriptor, bytes)
      fdatasyncSync(this.#descriptor)
    } catch (error) {
      // The next line must not become the end of this one.
      ftruncateSync(this.#descriptor, this.#length)
      throw error
    }
    this.#length += bytes.length
  }
}

/** The change that a run before us began and did not end. */
export function readUnfinished(directory: string): Unfinished | undefined {
  let text: string
  try {
    text = readFileSync(pendingIn(directory), 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
  const lines = parseLines(text)
  const first = lines[0]
  if (first === undefined || !('begin' in first)) return undefined
  return {
    begin: first.begin,
    traces: lines.flatMap((line) => ('traces' in line ? line.traces : [])),
    complete: lines.some((line) => 'end' in line && line.end !== 'undone'),
  }
}

/** A last line without its line feed was being written when the run was killed: its step had not acted yet. */
export function parseLines(text: string): Line[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line): Line => JSON.parse(line))
}

/** How many changes history remembers. */
const remembered = 1000

/** Files an unfinished change away, once it has been taken back or completed, and forgets the oldest ones. */
export function close(directory: string, name: string): void {
  renameSync(pendingIn(directory), `${directory}/journal/${name}`)
  const names = readdirSync(`${directory}/journal`).sort()
  for (const each of names.slice(0, -remembered)) unlinkSync(`${directory}/journal/${each}`)
}

export function entryName({began, pid}: Beginning): string {
  return `${began.replaceAll(':', '')}-${pid}.jsonl`
}

function pendingIn(directory: string): string {
  return `${directory}/pending`
}
