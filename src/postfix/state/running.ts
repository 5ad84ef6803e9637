/**
 * Does a master(8) run on this queue? It holds an flock(2) on pid/master.pid for as long as it lives; the file itself
 * stays behind and proves nothing.
 * Source: master(8), "-t"; open_lock() in Postfix's global library.
 */
import {closeSync} from 'node:fs'
import {openToLock} from '../../files/act.ts'
import {ToolFailure} from '../../model/base/errors.ts'
import {systemPath} from '../../model/base/places.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'

export interface Hold {
  stopped: boolean
  /** Lets others start it again. */
  release(): void
}

/**
 * Takes master's own lock where it is free, so that it is not started while it is being taken apart.
 * Creates nothing: without a pid file it is stopped.
 */
export function holdStopped(queue_directory: string): Hold {
  const path = `${queue_directory}/pid/master.pid`
  let descriptor: number
  try {
    descriptor = openToLock(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {stopped: true, release: () => {}}
    throw new ToolFailure(`open ${path}`, null, explainError(error))
  }
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {status, error} = spawnSync('flock', ['-x', '-n', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
    env: {PATH: systemPath},
  })
  if (error !== undefined) {
    closeSync(descriptor)
    throw flockFailure(error)
  }
  return {stopped: status === 0, release: () => closeSync(descriptor)}
}

/** flock(1) could not be started. */
export function flockFailure(error: unknown): ToolFailure {
  const isMissing = errorCode(error) === 'ENOENT'
  return new ToolFailure(
    'flock',
    null,
    isMissing ? 'it is not installed, and no change is made without it' : explainError(error),
  )
}
