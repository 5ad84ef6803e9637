/**
 * A program that a change waits for, with the lock in hand. It inherits the lock, which therefore outlives us when the
 * program does. A signal that would end us ends the program, with all that it has started: it fails, and the change is
 * taken back.
 */
import type {SpawnOptions} from 'node:child_process'
import {ToolFailure} from '../model/errors.ts'
import {explainError} from '../model/system-error.ts'
import {endingSignals} from '../postfix/inheritance.ts'

/** In milliseconds: long enough for a queue with a million files; what hangs must not hold the lock for ever. */
const longest = 600_000

export interface Ended {
  /** Null after a signal. */
  status: number | null
  stdout: string
  stderr: string
  /** What kept it from ending by itself. */
  cut: string | undefined
}

/** Rejects where it cannot be started. */
export async function runInHand(
  program: string,
  words: readonly string[],
  lock: number,
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'argv0'>,
): Promise<Ended> {
  const {spawn} = process.getBuiltinModule('node:child_process')
  // With a process group of its own: what it has started ends with it.
  const child = spawn(program, words, {...options, stdio: ['ignore', 'pipe', 'pipe', lock], detached: true})
  const text = {stdout: '', stderr: ''}
  for (const stream of ['stdout', 'stderr'] as const) {
    // Where there are too many descriptors it has none.
    child[stream]?.setEncoding('utf8').on('data', (more: string) => {
      text[stream] += more
    })
  }
  let cut: string | undefined
  const end = (signal: NodeJS.Signals, why: string): void => {
    // One that does not listen is not asked twice.
    const how = cut === undefined ? signal : 'SIGKILL'
    cut ??= why
    try {
      process.kill(-child.pid!, how)
    } catch (error) {
      // It has just ended.
      explainError(error)
    }
  }
  const interrupt = (signal: NodeJS.Signals): void => end(signal, `interrupted by ${signal}`)
  const signals = endingSignals()
  if (change !== undefined) change.tellReaders ??= holdReaders()
  return new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    if (child.pid === undefined) return
    const late = setTimeout(() => end('SIGKILL', `it took more than ${longest / 1000} s`), longest)
    for (const each of signals) process.on(each, interrupt)
    child.on('close', (status, signal) => {
      clearTimeout(late)
      for (const each of signals) process.off(each, interrupt)
      resolve({status, ...text, cut: cut ?? (signal === null ? undefined : `ended by ${signal}`)})
    })
  })
}

/** Throws a ToolFailure where it has failed, or could not be started; `command` is how one would type it. */
export async function mustSucceed(command: string, ended: Promise<Ended>): Promise<Ended> {
  const outcome = await ended.catch((error) => {
    throw new ToolFailure(command, null, explainError(error))
  })
  const {status, stdout, stderr, cut} = outcome
  if (status !== 0 || cut !== undefined) throw new ToolFailure(command, status, cut ?? (stderr || stdout))
  return outcome
}

/** What is under way: that a reader of ours has gone is told when it is over, if anybody has held that back. */
let change: {tellReaders?: () => void} | undefined

/**
 * A change takes a moment and then is whole: a signal ends the program in hand, and that failure takes the change back.
 * Only the kernel can stop us half-way, and then the next run recovers.
 */
export async function withoutInterruption<T>(act: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const ignore = (): void => {}
  for (const signal of signals) process.on(signal, ignore)
  change = {}
  try {
    return await act()
  } finally {
    for (const signal of signals) process.off(signal, ignore)
    const {tellReaders} = change
    change = undefined
    tellReaders?.()
  }
}

/** Who stops reading what we print would end us. The function that it returns tells of him. */
function holdReaders(): () => void {
  const held = [process.stdout, process.stderr].map((stream) => {
    const listeners = stream.rawListeners('error') as ((error: Error) => void)[]
    const errors: Error[] = []
    stream.removeAllListeners('error').on('error', (error) => void errors.push(error))
    return {stream, listeners, errors}
  })
  return () => {
    for (const {stream, listeners, errors} of held) {
      stream.removeAllListeners('error')
      for (const each of listeners) stream.on('error', each)
      for (const each of errors) stream.emit('error', each)
    }
  }
}
