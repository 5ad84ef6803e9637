/**
 * What a step is about to change, as it is before: enough to bring it back after a failure, a SIGKILL or an undo.
 * A trace is plain data, goes into the journal before the step acts, and may be restored more than once.
 */
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {dirname} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {errorCode} from '../model/system-error.ts'
import type {PathTrace, Permissions, Trace} from '../model/trace.ts'
import {listBelow} from '../postfix/walk.ts'

export type {Trace}

/** The bytes, owner, mode and time of a file, where a link leads, or its absence. */
export function traceFile(path: string): PathTrace {
  const stats = look(path)
  if (stats === undefined) return {was: 'absent', path}
  if (stats.isSymbolicLink()) return {was: 'link', path, target: readlinkSync(path), uid: stats.uid, gid: stats.gid}
  return {was: 'file', path, base64: readFileSync(path, 'base64'), seconds: stats.mtimeMs / 1000, ...permissions(stats)}
}

/** Owner and mode of whatever is there, or its absence. */
export function traceExistence(path: string): PathTrace {
  const stats = look(path)
  return stats === undefined ? {was: 'absent', path} : {was: 'there', path, ...permissions(stats)}
}

/** Directories and files below a path and the path itself: what has to be made again once it is gone. */
export function traceTree(path: string): PathTrace[] {
  return [path, ...listBelow(path).map((each) => `${path}/${each}`)].flatMap((each): PathTrace[] => {
    const stats = look(each)
    if (stats?.isFile()) return [traceFile(each)]
    return stats?.isDirectory() ? [{was: 'directory', path: each, ...permissions(stats)}] : []
  })
}

export function isThere(path: string): boolean {
  return look(path) !== undefined
}

/** Brings one path back, whether the step had acted, had not yet, or half. main.cf in use is restored by main-cf.ts. */
export function restore(trace: Exclude<PathTrace, {was: 'main.cf'}>): void {
  switch (trace.was) {
    case 'absent':
      removeOurs(trace.path)
      break
    case 'file':
      removeTemporary(trace.path)
      // What is as it was needs no room on a disk that may be full.
      if (!isDeepStrictEqual(traceFile(trace.path), trace))
        replaceFile(trace.path, Buffer.from(trace.base64, 'base64'), trace)
      break
    case 'link':
      removeTemporary(trace.path)
      if (!isDeepStrictEqual(traceFile(trace.path), trace)) replaceLink(trace.path, trace.target, trace)
      break
    case 'there': {
      const stats = look(trace.path)
      if (stats === undefined) break
      lchownSync(trace.path, trace.uid, trace.gid)
      if (!stats.isSymbolicLink()) chmodSync(trace.path, trace.mode)
      break
    }
    case 'directory':
      if (!isThere(trace.path)) mkdirSync(trace.path)
      lchownSync(trace.path, trace.uid, trace.gid)
      chmodSync(trace.path, trace.mode)
      break
    case 'moved':
      if (isThere(trace.path)) break
      if (isThere(trace.to)) renameSync(trace.to, trace.path)
      else for (const each of trace.tree) if (each.was !== 'main.cf') restore(each)
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

/** The same for a symbolic link. */
export function replaceLink(path: string, target: string, {uid, gid}: {uid: number; gid: number}): void {
  removeTemporary(path)
  symlinkSync(target, temporaryOf(path))
  lchownSync(temporaryOf(path), uid, gid)
  renameSync(temporaryOf(path), path)
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
  removeTemporary(path)
  const stats = look(path)
  try {
    if (stats?.isDirectory()) rmdirSync(path)
    else if (stats !== undefined) unlinkSync(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY') throw error
  }
}

/** Looks first: on a read-only disk even the removal of nothing fails. */
function removeTemporary(path: string): void {
  if (isThere(temporaryOf(path))) unlinkSync(temporaryOf(path))
}

function permissions(stats: Stats): Permissions {
  return {mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid}
}

function look(path: string): Stats | undefined {
  return lstatSync(path, {throwIfNoEntry: false})
}
