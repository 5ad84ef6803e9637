/**
 * Places of our own: what we keep, and records that grow line by line. They are only where root alone could put
 * something else in their place, so names are as good as descriptors there.
 */
import {closeSync, constants, fsyncSync, openSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {errorCode} from '../model/base/system-error.ts'
import {changeIn, moveFile, ours, remove, replaceFile} from './act.ts'
import {isForeign, within} from './directory.ts'
import {quietly, readBytes, realPath, statThrough} from './read.ts'

const {O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY} =
  constants

/** Only root can change what is there, or put something else in its place. Throws what stat(2) would. */
export function isRootsAlone(path: string): boolean {
  return !isForeign(statThrough(path)) && within(realPath(path), (directory) => !directory.foreign)
}

/** The whole of a file, or the one before. */
export function keepFile(path: string, bytes: Uint8Array, mode: number): void {
  replaceFile(path, bytes, {mode, ...ours()})
}

/** To write at its end: an empty one, or the one that is there. */
export function openRecord(path: string, how: 'anew' | 'again'): number {
  const flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | (how === 'anew' ? O_CREAT | O_TRUNC : 0)
  return changeIn(path, (directory, name) => openSync(directory.at(name), flags, 0o600))
}

/** All of it: writeSync(), on a disk that gets full, writes half and says nothing. */
export function append(descriptor: number, bytes: Uint8Array): void {
  writeFileSync(descriptor, bytes)
}

/** Throws what open(2) says where the kernel has no terminal for us. */
export function tryTerminal(): void {
  closeSync(openSync('/dev/ptmx', O_RDWR | O_NOCTTY))
}

/** What is neither read nor kept. */
export function openNothing(): number {
  return openSync('/dev/null', O_RDWR)
}

/** A file without a name, to be written and read; undefined where this file system has none, or the system does not let us. */
export function openNameless(directory: string): number | undefined {
  return quietly(() => within(`${directory}/.`, (place) => openSync(place.itself(), O_RDWR | O_TMPFILE, 0o600)))
}

/** node:fs has no name for it. Source: asm-generic/fcntl.h, the same on amd64 and arm64. */
const O_TMPFILE = 0o20000000 | O_DIRECTORY

/** What programs say one after the other, to be read again. */
export function openTranscript(path: string): number {
  const flags = O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW
  return changeIn(path, (directory, name) => openSync(directory.at(name), flags, 0o600))
}

/** Also to another file system. A run that is killed then leaves both, which are the same. */
export function moveRecord(from: string, to: string): void {
  try {
    moveFile(from, to)
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error
    keepFile(to, readBytes(from, Number.MAX_SAFE_INTEGER), 0o600)
    syncDirectory(dirname(to))
    remove(from)
  }
}

/** What has been made or renamed in it outlives a power cut. */
export function syncDirectory(path: string): void {
  const descriptor = changeIn(`${path}/.`, (directory) => openSync(directory.itself(), O_RDONLY | O_DIRECTORY))
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
