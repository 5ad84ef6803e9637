/**
 * All that changes the host: owning, chmod-ing, writing, linking, renaming and removing, and the look before it.
 * Everything acts in a directory that was walked to, or on the inode that was looked at.
 */

import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {dirname} from 'node:path'
import {errorCode} from '../model/base/system-error.ts'
import type {Owner, Permissions} from '../model/change/before-image.ts'
import {effectiveIds} from './caller.ts'
import {Directory, forgetTrusted, O_PATH, readLink, systemError, within} from './directory.ts'
import {lookThrough, quietly, readDescriptor} from './read.ts'

const {O_CREAT, O_EXCL, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY} = constants
/** In nanoseconds. */
const second = 1_000_000_000n

/** What is at a path, as far as it can be known without following or opening it. */
export interface Found extends Permissions {
  kind: 'file' | 'directory' | 'link' | 'other'
  /** The inode. */
  ino: string
  /** How many names it has. */
  links: number
  /** When it was changed, in seconds since 1970. */
  seconds: number
  size: number
}

/** `found` is absent when nothing is there; the directory's inode when not even that is. */
export interface PathState {
  found?: Found
  foreign: boolean
  ino?: string
}

export function examine(path: string): PathState {
  return reach(path, (directory, name) => {
    const seen = openSeen(directory, name)
    return {...pathStateOf(directory), ...(seen === undefined ? {} : {found: seen.close()})}
  })
}

/** The same, and the bytes of a file or the target of a link. More than `limit` bytes are EFBIG. */
export function examineContent(path: string, limit: number): PathState & {bytes?: Buffer; target?: string} {
  return reach(path, (directory, name) => {
    const seen = openSeen(directory, name)
    if (seen === undefined) return pathStateOf(directory)
    try {
      const {found} = seen
      const place = {...pathStateOf(directory), found}
      if (found.kind === 'link') return {...place, target: readLink(directory.at(name))}
      if (found.kind !== 'file') throw systemError(found.kind === 'directory' ? 'EISDIR' : 'ENOTREG', path)
      checkOneName(directory, name, found)
      const descriptor = openSync(seen.itself, O_RDONLY | O_NONBLOCK | O_NOCTTY)
      try {
        return {...place, bytes: readDescriptor(descriptor, path, limit)}
      } finally {
        closeSync(descriptor)
      }
    } finally {
      seen.close()
    }
  })
}

function reach<Result extends PathState>(
  path: string,
  act: (directory: Directory, name: string) => Result,
): Result | PathState {
  try {
    return within(path, act)
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return {foreign: false}
    throw error
  }
}

function pathStateOf(directory: Directory): PathState {
  return {foreign: directory.foreign, ino: String(directory.stats().ino)}
}

interface SeenInode {
  found: Found
  /** Leads to the very inode, whatever its name leads to by now. */
  itself: string
  close(): Found
}

function openSeen(directory: Directory, name: string): SeenInode | undefined {
  let descriptor: number
  try {
    descriptor = openSync(directory.at(name), O_PATH | O_NOFOLLOW)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
  const stats = fstatSync(descriptor, {bigint: true})
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'link' : 'other'
  const found: Found = {
    kind,
    ino: String(stats.ino),
    links: Number(stats.nlink),
    seconds: (Number(stats.mtimeNs / second) * 1000 + Number(stats.mtimeNs % second) / 1e6) / 1000,
    size: Number(stats.size),
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
  }
  return {
    found,
    itself: `/proc/self/fd/${descriptor}`,
    close() {
      closeSync(descriptor)
      return found
    },
  }
}

/** With a second name it may be a file of root's that somebody has linked there. */
function checkOneName(directory: Directory, name: string, {kind, links}: Pick<Found, 'kind' | 'links'>): void {
  if (directory.foreign && kind === 'file' && links > 1) throw systemError('EMANY', directory.pathOf(name))
}

export interface NewPermissions {
  /** A gid of -1 keeps the group. */
  owner?: Owner
  mode?: number
}

/**
 * Owner and mode of what is there; of a link its own owner. `ino` is what it has to be. Throws ENOENT when it is gone,
 * ECHANGED when it is another, EMANY for a file with several names below a foreign directory.
 */
export function setPermissions(path: string, {owner, mode}: NewPermissions, ino?: string): void {
  changeIn(path, (directory, name) => {
    const seen = openSeen(directory, name)
    if (seen === undefined) throw systemError('ENOENT', path, 'chown')
    try {
      const {found} = seen
      if (ino !== undefined && found.ino !== ino) throw systemError('ECHANGED', path, 'chown')
      checkOneName(directory, name, found)
      // Of a link this is the link's own: its descriptor leads to nothing else.
      if (owner !== undefined) chownSync(seen.itself, owner.uid, owner.gid)
      if (mode !== undefined && found.kind !== 'link') chmodSync(seen.itself, withoutSetId(mode, found, directory))
    } finally {
      seen.close()
    }
  })
}

/** Never gives away a program that runs with the rights of its owner. */
function withoutSetId(mode: number, {kind, uid}: Pick<Found, 'kind' | 'uid'>, directory: Directory): number {
  return kind === 'file' && (directory.foreign || uid !== 0) ? mode & ~0o6000 : mode
}

/** Its inode. Throws EEXIST for whatever is there. */
export function makeDirectory(path: string, mode: number): string {
  return changeIn(path, (directory, name) => {
    const made = makeDirectoryIn(directory, name, mode)
    try {
      return String(made.stats().ino)
    } finally {
      made.close()
    }
  })
}

/** With missing parents; what is there stays as it is. */
export function makeDirectories(path: string, mode: number): void {
  const there = lookThrough(path)
  if (there?.isDirectory()) return
  if (there !== undefined) throw systemError('ENOTDIR', path, 'mkdir')
  makeDirectories(dirname(path), mode)
  try {
    makeDirectory(path, mode)
  } catch (error) {
    // Another run of postmulti was quicker.
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** Open; ECHANGED when somebody was quicker to put another one in its place. */
export function makeDirectoryIn(directory: Directory, name: string, mode: number): Directory {
  mkdirSync(directory.at(name), mode)
  const made = directory.enter(name)
  if (!directory.foreign || Number(made.stats().uid) === effectiveIds().uid) return made
  made.close()
  throw systemError('ECHANGED', directory.pathOf(name), 'mkdir')
}

/** What a file gets, and when it was changed, in seconds since 1970; now when absent. */
export type NewFile = Permissions & {seconds?: number}

/**
 * Puts a file in place by a rename: readers see the old one or the new one. `temporary` is its name until then, beside
 * its place; it must not be guessed. Throws ECHANGED where somebody has put another one in its place meanwhile.
 */
export function writeFile(path: string, bytes: Uint8Array, wanted: NewFile, temporary: string): void {
  changeIn(path, (directory, name) => {
    const ino = writeNew(directory, temporary, bytes, wanted)
    renameIn(directory, temporary, name)
    // What comes next may be a program, which would follow it.
    if (directory.foreign && examine(path).found?.ino !== ino) throw systemError('ECHANGED', path, 'rename')
  })
}

/** The same where it does not matter what a killed run leaves; one that fails leaves nothing. */
export function replaceFile(path: string, bytes: Uint8Array, wanted: NewFile): void {
  changeIn(path, (directory, name) => {
    const temporary = newName()
    try {
      writeNew(directory, temporary, bytes, wanted)
      renameIn(directory, temporary, name)
    } catch (error) {
      if (openSeen(directory, temporary)?.close() !== undefined) unlinkSync(directory.at(temporary))
      throw error
    }
  })
}

/** Whose files are that we make. */
export function ours(): Owner {
  return effectiveIds()
}

/** A name beside the place of something, which cannot be guessed. */
export function newName(): string {
  return `.postmulti-${chance(8).toString('hex')}`
}

/** Of the kernel: node:crypto takes V8 a while. */
function chance(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  const isWhole = quietly(() => {
    const descriptor = openSync('/dev/urandom', O_RDONLY | O_NONBLOCK | O_NOCTTY)
    try {
      return fstatSync(descriptor).isCharacterDevice() && readSync(descriptor, bytes) === length
    } finally {
      closeSync(descriptor)
    }
  })
  // A jail may be without it.
  return isWhole === true ? bytes : process.getBuiltinModule('node:crypto').randomBytes(length)
}

/** A file that was not there; its inode. Throws EEXIST when there is one. */
export function writeNew(directory: Directory, name: string, bytes: Uint8Array, wanted: NewFile): string {
  const descriptor = openSync(directory.at(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    fillFile(descriptor, bytes, {
      ...wanted,
      mode: withoutSetId(wanted.mode, {kind: 'file', uid: wanted.uid}, directory),
    })
    return String(fstatSync(descriptor, {bigint: true}).ino)
  } finally {
    closeSync(descriptor)
  }
}

/** All of what an open file is to be. Without an owner it keeps the one it has. */
export function fillFile(
  descriptor: number,
  bytes: Uint8Array,
  {uid, gid, mode, seconds}: Pick<NewFile, 'mode'> & Partial<NewFile>,
): void {
  ftruncateSync(descriptor, 0)
  // Not writeSync: on a disk that gets full it writes half of it and says nothing.
  writeFileSync(descriptor, bytes)
  if (uid !== undefined && gid !== undefined) fchownSync(descriptor, uid, gid)
  fchmodSync(descriptor, mode)
  if (seconds !== undefined) futimesSync(descriptor, seconds, seconds)
  fsyncSync(descriptor)
}

/** The same for a symbolic link. */
export function writeLink(path: string, target: string, owner: Owner, temporary: string): void {
  changeIn(path, (directory, name) => writeLinkIn(directory, name, target, owner, temporary))
}

export function writeLinkIn(directory: Directory, name: string, target: string, owner: Owner, temporary: string): void {
  symlinkSync(target, directory.at(temporary))
  const seen = openSeen(directory, temporary)
  // By its name it could be a file of root's by now.
  if (seen?.found.kind !== 'link') {
    seen?.close()
    throw systemError('ECHANGED', directory.pathOf(name), 'symlink')
  }
  try {
    chownSync(seen.itself, owner.uid, owner.gid)
  } finally {
    seen.close()
  }
  if (name !== temporary) renameIn(directory, temporary, name)
}

export function renameIn(directory: Directory, from: string, to: string): void {
  renameSync(directory.at(from), directory.at(to))
}

/** When a file was changed, in seconds since 1970. */
export function setTime(path: string, seconds: number): void {
  changeIn(path, (directory, name) => {
    const seen = openSeen(directory, name)
    if (seen === undefined) throw systemError('ENOENT', path, 'utimes')
    try {
      if (seen.found.kind === 'link') throw systemError('ELINKED', path, 'utimes')
      utimesSync(seen.itself, seconds, seconds)
    } finally {
      seen.close()
    }
  })
}

/** To another name in the same directory. `ino` is what it has to be: another thing goes back, and ECHANGED is thrown. */
export function rename(path: string, to: string, ino?: string): void {
  changeIn(path, (directory, name) => {
    renameIn(directory, name, to)
    if (ino === undefined || openSeen(directory, to)?.close().ino === ino) return
    renameIn(directory, to, name)
    throw systemError('ECHANGED', path, 'rename')
  })
}

/** To another directory of the same file system. */
export function moveFile(from: string, to: string): void {
  changeIn(from, (source, name) => within(to, (target, other) => renameSync(source.at(name), target.at(other))))
}

/** A file, a link or an empty directory. Throws ENOTEMPTY for a directory that is not. */
export function remove(path: string): void {
  changeIn(path, (directory, name) => {
    if (lstatSync(directory.at(name)).isDirectory()) rmdirSync(directory.at(name))
    else unlinkSync(directory.at(name))
  })
}

/** With all that is in it; nothing there is fine. A mount point in it is EBUSY. */
export function removeTree(path: string): void {
  if (examine(path).found !== undefined) changeIn(path, removeIn)
}

/** A directory with all that is in it. */
export function removeIn(parent: Directory, name: string): void {
  if (!lstatSync(parent.at(name)).isDirectory()) {
    unlinkSync(parent.at(name))
    return
  }
  const directory = Directory.open(parent.pathOf(name), parent.at(name))
  try {
    if (directory.mount() !== parent.mount()) throw systemError('EBUSY', directory.path, 'rmdir')
    for (const each of directory.entries()) removeIn(directory, each.name)
  } finally {
    directory.close()
  }
  rmdirSync(parent.at(name))
}

/** A file to hold a lock on. */
export interface LockFile {
  descriptor: number
  /** Whether its name still leads to it. */
  isStill(): boolean
  close(): void
}

/** A regular file, which is made when it is missing; below a foreign directory one with one name. */
export function openLock(directory: Directory, name: string): LockFile {
  const seen = openSeen(directory, name)?.close()
  if (seen !== undefined) checkLockable(directory, name, seen)
  const flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
  const descriptor = openSync(directory.at(name), flags, 0o600)
  const lock: LockFile = {
    descriptor,
    isStill: () => openSeen(directory, name)?.close().ino === String(fstatSync(descriptor, {bigint: true}).ino),
    close: () => closeSync(descriptor),
  }
  try {
    // It may have been put there after the look.
    const stats = fstatSync(descriptor)
    checkLockable(directory, name, {kind: stats.isFile() ? 'file' : 'other', links: stats.nlink})
    return lock
  } catch (error) {
    lock.close()
    throw error
  }
}

function checkLockable(directory: Directory, name: string, found: Pick<Found, 'kind' | 'links'>): void {
  if (found.kind !== 'file') throw systemError(found.kind === 'link' ? 'ELINKED' : 'ENOTREG', directory.pathOf(name))
  checkOneName(directory, name, found)
}

/** The descriptor of a regular file that is there. Throws what open(2) would. */
export function openToLock(path: string): number {
  return within(path, (directory, name) => {
    const seen = openSeen(directory, name)
    if (seen === undefined) throw systemError('ENOENT', path)
    try {
      checkLockable(directory, name, seen.found)
      return openSync(seen.itself, O_RDWR | O_NONBLOCK | O_NOCTTY)
    } finally {
      seen.close()
    }
  })
}

/** Everything that changes something in a directory, with the path that was asked for in what it throws. */
export function changeIn<Result>(path: string, act: (directory: Directory, name: string) => Result): Result {
  forgetTrusted()
  try {
    return within(path, act)
  } finally {
    forgetTrusted()
  }
}
