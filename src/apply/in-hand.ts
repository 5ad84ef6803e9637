/**
 * A program that a change waits for, with the lock in hand. It inherits the lock, which therefore outlives us when the
 * program does; one that runs as somebody else inherits nothing, and dies when we do. A signal that would end us ends the
 * program, with all that it has started: it fails, and the change is taken back.
 */
import type {SpawnOptions} from 'node:child_process'
import {closeSync, fstatSync, readSync} from 'node:fs'
import {withNothingOpen} from '../files/nothing-open.ts'
import {openNameless} from '../files/own.ts'
import {ToolFailure} from '../model/base/errors.ts'
import {explainError} from '../model/base/system-error.ts'
import type {Account} from '../model/change/runner.ts'
import {endingSignals} from '../postfix/programs/inheritance.ts'

/** In seconds: long enough for a queue with a million files; what hangs must not hold the lock for ever. */
const longestRun = 600
/** The same where others decide what it reads: that may be a FIFO. Long enough for a table with a million lines. */
const longestRunOfOthers = 60
/** In milliseconds: for what is in the pipes of one that has ended. */
const lastWords = 100
/** The most that is read of each of its streams, in characters; of files, in bytes. A program of others may print any amount. */
const mostWords = 1_000_000

export interface Ended {
  /** Null after a signal. */
  status: number | null
  stdout: string
  stderr: string
  /** What kept it from ending by itself. */
  cut: string | undefined
}

/** `under` is the lock, for what runs as root, or whom it runs as. Rejects where it cannot be started. */
export async function runInHand(
  program: string,
  words: readonly string[],
  under: number | Account,
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'argv0'>,
): Promise<Ended> {
  const {spawn} = process.getBuiltinModule('node:child_process')
  const other = typeof under === 'number' ? undefined : under
  // With a process group of its own: what it has started ends with it.
  const group = {...options, detached: true}
  // Files are read when it has ended; V8 takes a while for pipes. But others could fill the disk.
  const files = typeof under === 'number' ? openFiles() : undefined
  const child =
    typeof under === 'number'
      ? spawn(program, words, {...group, stdio: ['ignore', files?.[0] ?? 'pipe', files?.[1] ?? 'pipe', under]})
      : withNothingOpen(['ignore', 'pipe', 'pipe'], (stdio) =>
          spawn(setpriv, asOther(under, [program, ...words]), {...group, stdio}),
        )
  const text = {stdout: '', stderr: ''}
  for (const stream of ['stdout', 'stderr'] as const) {
    // Where there are files, or too many descriptors, it has none.
    child[stream]?.setEncoding('utf8').on('data', (more: string) => {
      if (text[stream].length < mostWords) text[stream] += more
    })
  }
  let cut: string | undefined
  const kill = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid!, signal)
    } catch (error) {
      // It has just ended.
      explainError(error)
    }
  }
  const end = (signal: NodeJS.Signals, why: string): void => {
    // A program that ignores the first signal is not asked a second time.
    const how = cut === undefined ? signal : 'SIGKILL'
    cut ??= why
    kill(how)
  }
  const interrupt = (signal: NodeJS.Signals): void => end(signal, `interrupted by ${signal}`)
  const signals = endingSignals()
  if (changeInHand !== undefined) changeInHand.releaseReaders ??= holdReaders()
  return new Promise<Ended>((resolve, reject) => {
    child.on('error', (error) => {
      if (files !== undefined) readFiles(files)
      reject(error)
    })
    if (child.pid === undefined) return
    const most = other === undefined ? longestRun : longestRunOfOthers
    const look =
      other === undefined ? '' : `; look at the tables that it reads: user ${other.user} may have made one a FIFO`
    const late = setTimeout(() => end('SIGKILL', `it took more than ${most} s${look}`), most * 1000)
    for (const each of signals) process.on(each, interrupt)
    let quiet: NodeJS.Timeout | undefined
    child.on('exit', () => {
      if (other !== undefined) kill('SIGKILL')
      // What it has started may go on, and keep the pipes.
      quiet = setTimeout(() => {
        for (const stream of [child.stdout, child.stderr]) stream?.destroy()
      }, lastWords)
    })
    child.on('close', (status, signal) => {
      clearTimeout(late)
      clearTimeout(quiet)
      for (const each of signals) process.off(each, interrupt)
      if (files !== undefined) Object.assign(text, readFiles(files))
      resolve({status, ...text, cut: cut ?? (signal === null ? undefined : `ended by ${signal}`)})
    })
  })
}

type Files = readonly [stdout: number, stderr: number]

/** In memory, not on a disk. Undefined where there are no such files. */
function openFiles(): Files | undefined {
  const stdout = openNameless('/run')
  const stderr = stdout === undefined ? undefined : openNameless('/run')
  if (stdout !== undefined && stderr !== undefined) return [stdout, stderr]
  if (stdout !== undefined) closeSync(stdout)
  return undefined
}

/** Closes them. */
function readFiles([stdout, stderr]: Files): Pick<Ended, 'stdout' | 'stderr'> {
  const read = (each: number): string => {
    const bytes = Buffer.alloc(Math.min(fstatSync(each).size, mostWords))
    const length = readSync(each, bytes, 0, bytes.length, 0)
    closeSync(each)
    return bytes.toString('utf8', 0, length)
  }
  return {stdout: read(stdout), stderr: read(stderr)}
}

const setpriv = '/usr/bin/setpriv'

/**
 * It uses only flags that setpriv(1) of util-linux 2.33 has. The shell looks whether we are still there: we
 * may have died before we were to be followed.
 * XXX What such a program has started itself outlives us when we are killed, and no process waits for it.
 */
function asOther({uid, gid}: Account, words: readonly string[]): string[] {
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--inh-caps=-all',
    '--bounding-set=-all',
    '--pdeathsig=KILL',
    '--',
    '/bin/sh',
    '-c',
    '[ "$PPID" = "$0" ] && exec "$@"',
    String(process.pid),
    ...words,
  ]
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

/** The change under way; `releaseReaders` passes on the errors of our output that were held back. */
let changeInHand: {releaseReaders?: () => void} | undefined

/**
 * A change takes a moment and then is whole: a signal ends the program in hand, and that failure takes the change back.
 * Only the kernel can stop us half-way, and then the next run recovers.
 */
export async function withoutInterruption<T>(act: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const ignore = (): void => {}
  for (const signal of signals) process.on(signal, ignore)
  changeInHand = {}
  try {
    return await act()
  } finally {
    for (const signal of signals) process.off(signal, ignore)
    const {releaseReaders} = changeInHand
    changeInHand = undefined
    releaseReaders?.()
  }
}

/** Holds back errors of our output, such as a reader that is gone: they would end us. The returned function passes them on. */
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
