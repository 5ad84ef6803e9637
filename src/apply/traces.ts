/**
 * What a step is about to change, as it is before: enough to bring it back after a failure, a SIGKILL or an undo.
 * A trace is plain data, goes into the journal before the step acts, and may be restored more than once.
 */
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {dirname} from 'node:path'
import {errorCode} from '../model/system-error.ts'

export type Trace =
  | {was: 'absent'; path: string}
  | ({was: 'file'; path: string; base64: string; seconds: number} & Permissions)
  | ({was: 'there'; path: string} & Permissions)
  | {was: 'moved'; path: string; to: string}
  | ({
      was: 'main.cf'
      config_directory: string
      base64: string
      seconds: number
      set: Record<string, string>
    } & Permissions)

interface Permissions {
  mode: number
  uid: number
  gid: number
}

/** The bytes, owner, mode and time of a file, or its absence. */
export function traceFile(path: string): Trace {
  const stats = look(path)
  if (stats === undefined) return {was: 'absent', path}
  return {was: 'file', path, base64: readFileSync(path, 'base64'), seconds: stats.mtimeMs / 1000, ...permissions(stats)}
}

/** Owner and mode of whatever is there, or its absence. */
export function traceExistence(path: string): Trace {
  const stats = look(path)
  return stats === undefined ? {was: 'absent', path} : {was: 'there', path, ...permissions(stats)}
}

export function isThere(path: string): boolean {
  return look(path) !== undefined
}

/** Brings one path back, whether the step had acted, had not yet, or half. main.cf in use is restored by main-cf.ts. */
export function restore(trace: Exclude<Trace, {was: 'main.cf'}>): void {
  switch (trace.was) {
    case 'absent':
      removeOurs(trace.path)
      break
    case 'file':
      replaceFile(trace.path, Buffer.from(trace.base64, 'base64'), trace)
      break
    case 'there': {
      const stats = look(trace.path)
      if (stats === undefined) break
      lchownSync(trace.path, trace.uid, trace.gid)
      if (!stats.isSymbolicLink()) chmodSync(trace.path, trace.mode)
      break
    }
    case 'moved':
      if (isThere(trace.to) && !isThere(trace.path)) renameSync(trace.to, trace.path)
  }
}

/** Replaces a file that nobody else edits by a rename; readers see the old one or the new one. */
export function replaceFile(path: string, bytes: Buffer, wanted: Permissions & {seconds?: number}): void {
  const temporary = temporaryOf(path)
  writeFileSync(temporary, bytes, {mode: 0o600, flush: true})
  chownSync(temporary, wanted.uid, wanted.gid)
  chmodSync(temporary, wanted.mode)
  if (wanted.seconds !== undefined) utimesSync(temporary, wanted.seconds, wanted.seconds)
  renameSync(temporary, path)
}

/** Where a removed path waits until the change is complete. */
export function asideOf(path: string): string {
  return `${dirname(path)}/.postmulti-removed-${path.slice(path.lastIndexOf('/') + 1)}`
}

/** Removes what was moved aside, when there is no way back any more. */
export function forget(trace: Trace): void {
  if (trace.was === 'moved') rmSync(trace.to, {recursive: true, force: true})
}

function temporaryOf(path: string): string {
  return `${dirname(path)}/.postmulti-new-${path.slice(path.lastIndexOf('/') + 1)}`
}

/** A directory goes only when it is empty: what others put there meanwhile is not ours. */
function removeOurs(path: string): void {
  rmSync(temporaryOf(path), {force: true})
  const stats = look(path)
  try {
    if (stats?.isDirectory()) rmdirSync(path)
    else if (stats !== undefined) unlinkSync(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY') throw error
  }
}

function permissions(stats: Stats): Permissions {
  return {mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid}
}

function look(path: string): Stats | undefined {
  return lstatSync(path, {throwIfNoEntry: false})
}
