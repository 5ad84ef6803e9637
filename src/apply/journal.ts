/**
 * What is being changed, on disk before it happens: the next run can take back or complete what a killed run began.
 * One change at a time is in `pending`; when it is over the record moves to `journal/`, where history finds it.
 * A line is one JSON value: the beginning, then the traces of each step, then "complete", "done" or "undone".
 */
import {closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync} from 'node:fs'
import type {Request} from '../model/request.ts'
import {errorCode} from '../model/system-error.ts'
import type {Trace} from './traces.ts'

export interface Beginning {
  request: Request
  config_directory: string
  /** ISO 8601. */
  began: string
  pid: number
  uid: number
  /** As sudo(8) has it; null when the user logged in as this one. */
  sudoUser: string | null
}

type Line = {begin: Beginning} | {traces: Trace[]} | {end: 'complete' | 'done' | 'undone'}

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

  private constructor(directory: string, descriptor: number, begin: Beginning) {
    this.#directory = directory
    this.#descriptor = descriptor
    this.#name = entryName(begin)
  }

  static begin(directory: string, begin: Beginning): Journal {
    mkdirSync(`${directory}/journal`, {recursive: true, mode: 0o700})
    const journal = new Journal(directory, openSync(pendingIn(directory), 'w', 0o600), begin)
    journal.#write({begin})
    return journal
  }

  /** What the next step is about to change. */
  record(traces: Trace[]): void {
    this.#write({traces})
  }

  /** From here on there is no way back. */
  complete(): void {
    this.#write({end: 'complete'})
  }

  end(how: 'done' | 'undone'): void {
    this.#write({end: how})
    closeSync(this.#descriptor)
    close(this.#directory, this.#name)
  }

  #write(line: Line): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`)
    fdatasyncSync(this.#descriptor)
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
  // A last line without its line feed was being written when the run was killed: its step had not acted yet.
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map((line): Line => JSON.parse(line))
  const first = lines[0]
  if (first === undefined || !('begin' in first)) return undefined
  return {
    begin: first.begin,
    traces: lines.flatMap((line) => ('traces' in line ? line.traces : [])),
    complete: lines.some((line) => 'end' in line),
  }
}

/** Files an unfinished change away, once it has been taken back or completed. */
export function close(directory: string, name: string): void {
  renameSync(pendingIn(directory), `${directory}/journal/${name}`)
}

export function entryName({began, pid}: Beginning): string {
  return `${began.replaceAll(':', '')}-${pid}.jsonl`
}

function pendingIn(directory: string): string {
  return `${directory}/pending`
}
