/**
 * One life-cycle change at a time. The lock is an flock(2) on a descriptor that every tool of the change inherits, so
 * the kernel drops it when we and the last of them are gone, and not before.
 * Nothing here is a daemon's: master(8) closes what it inherits, and no change starts one.
 */
import {closeSync, constants, fchmodSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync} from 'node:fs'
import {ToolFailure} from '../model/errors.ts'
import {systemPath} from '../model/places.ts'
import {errorCode, explainError} from '../model/system-error.ts'

export interface Lock {
  /** Goes into the stdio of every tool that changes something. */
  descriptor: number
  release(): void
}

/**
 * Waits for whoever holds it; after a second `waiting` is told who that is. `purpose` is what the next one is told of
 * us. Throws a ToolFailure when the lock file cannot be opened, as for anyone but root.
 */
export function takeLock(directory: string, purpose: string, waiting: (holder: string) => void): Lock {
  const path = `${directory}/lock`
  const descriptor = openLock(directory, path)
  if (!flock(descriptor, ['-w', '1'])) {
    waiting(readHolder(path))
    waitForFlock(descriptor)
  }
  noteHolder(descriptor, purpose)
  return {descriptor, release: () => closeSync(descriptor)}
}

/** Waits for ever, as postconf(1) does for its own lock. */
export function waitForFlock(descriptor: number): void {
  if (!flock(descriptor, [])) throw new ToolFailure('flock', null, 'interrupted')
}

function openLock(directory: string, path: string): number {
  try {
    mkdirSync(directory, {recursive: true, mode: 0o700})
    const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
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
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
    env: {PATH: systemPath},
  })
  if (error !== undefined) throw new ToolFailure('flock', null, explainError(error))
  return status === 0
}

/** For the next one's message only, so a full disk is no obstacle. */
function noteHolder(descriptor: number, purpose: string): void {
  try {
    ftruncateSync(descriptor, 0)
    writeSync(descriptor, `${process.pid} ${purpose}\n`, 0)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
  }
}

function readHolder(path: string): string {
  const [pid = '', ...purpose] = readFileSync(path, 'utf8').trim().split(' ')
  return pid === '' ? 'another change' : `process ${pid} (${purpose.join(' ')})`
}
