/**
 * One life-cycle change at a time. The lock is an flock(2) on a descriptor that every tool of the change inherits, so
 * the kernel drops it when we and the last of them are gone, and not before.
 * Nothing here is a daemon's: master(8) closes what it inherits, and no change starts one.
 */
import {closeSync, fchmodSync, ftruncateSync, writeSync} from 'node:fs'
import {changeIn, makeDirectories, openLock} from '../files/act.ts'
import {isThere, quietly} from '../files/read.ts'
import {ToolFailure} from '../model/base/errors.ts'
import {systemPath} from '../model/base/places.ts'
import {explainError} from '../model/base/system-error.ts'
import {endingSignals} from '../postfix/programs/inheritance.ts'
import {flockFailure} from '../postfix/state/running.ts'
import {describeHolder, describeOther} from './lock-holder.ts'

export interface Lock {
  /** Goes into the stdio of every tool that changes something. */
  descriptor: number
  release(): void
}

/**
 * Waits for its holder; `waiting` is told who that is, after a second and when it has become another one.
 * `purpose` is what the next one is told of us. A signal ends us as long as we wait: nothing has begun. Throws a
 * ToolFailure when the lock file cannot be opened, as for anyone but root.
 */
export async function takeLock(directory: string, purpose: string, waiting: (holder: string) => void): Promise<Lock> {
  // Without /proc, files can be reached by name only.
  if (!isThere('/proc/self/fd')) throw new ToolFailure('change this host', null, '/proc is not mounted')
  const path = lockIn(directory)
  const descriptor = openOurs(directory, path)
  if (!tryFlock(descriptor)) await waitForLock(descriptor, path, waiting)
  noteHolder(descriptor, purpose)
  return {descriptor, release: () => void quietly(() => closeSync(descriptor))}
}

export function lockIn(directory: string): string {
  return `${directory}/lock`
}

async function waitForLock(descriptor: number, path: string, waiting: (holder: string) => void): Promise<void> {
  const signals = endingSignals()
  const end = (signal: NodeJS.Signals): void => {
    // Other handlers of the signal would wait for the program in hand.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  }
  for (const each of signals) process.prependListener(each, end)
  try {
    for (let told = ''; !(await flockWithin(descriptor, 1)); ) {
      const holder = describeHolder(path)
      if (holder !== told) waiting(holder)
      told = holder
    }
  } finally {
    for (const each of signals) process.off(each, end)
  }
}

/**
 * Waits for the lock of a file at `path`, for `patience` seconds at most: postconf(1), whose lock it is, waits for ever,
 * but then so would all changes of the host, and the owner of a main.cf can hold its lock. Throws a ToolFailure.
 */
export function waitForFlock(descriptor: number, path: string, patience = 10): void {
  if (flock(descriptor, ['-w', String(patience)])) return
  throw new ToolFailure(`lock ${path}`, null, `${describeOther(path)} holds it`)
}

/** Whether it was free; now we hold it. */
export function tryFlock(descriptor: number): boolean {
  return flock(descriptor, ['-n'])
}

function openOurs(directory: string, path: string): number {
  try {
    // Installed plugins, which are in it, are asked as somebody else than root.
    makeDirectories(directory, 0o711)
    const {descriptor} = changeIn(path, openLock)
    fchmodSync(descriptor, 0o600)
    return descriptor
  } catch (error) {
    throw new ToolFailure(`open ${path}`, null, explainError(error))
  }
}

/** False when it stayed taken for as long as the options allow. */
function flock(descriptor: number, options: string[]): boolean {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {status, error} = spawnSync('flock', ['-x', ...options, '3'], {
    ...stdioWith(descriptor),
    env: {PATH: systemPath},
  })
  if (error !== undefined) throw flockFailure(error)
  return status === 0
}

/** The same while signals are heard. In seconds. */
function flockWithin(descriptor: number, patience: number): Promise<boolean> {
  const {spawn} = process.getBuiltinModule('node:child_process')
  const words = ['-x', '-w', String(patience), '3']
  const child = spawn('flock', words, {...stdioWith(descriptor), env: {PATH: systemPath}})
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(flockFailure(error)))
    child.on('close', (status) => resolve(status === 0))
  })
}

function stdioWith(descriptor: number): {stdio: ['ignore', 'ignore', 'ignore', number]} {
  return {stdio: ['ignore', 'ignore', 'ignore', descriptor]}
}

/** For the next one's message only, so a full disk does not stop the change. */
function noteHolder(descriptor: number, purpose: string): void {
  quietly(() => {
    ftruncateSync(descriptor, 0)
    writeSync(descriptor, `${process.pid} ${purpose}\n`, 0)
  })
}
