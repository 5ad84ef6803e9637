/**
 * All reading of the host. What is read is a regular file; below a foreign directory it was looked at before it is opened,
 * has one name only, and is opened through the descriptor that was looked at. Nothing here waits for a FIFO, or follows a
 * link that is not root's own.
 */
import {
  type BigIntStats,
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
  statfsSync,
} from 'node:fs'
import {errorCode} from '../model/base/system-error.ts'
import {
  type Directory,
  linkIn,
  mostLinks,
  O_PATH,
  openDirectory,
  readLink,
  realPath,
  systemError,
  told,
  within,
} from './directory.ts'

export {realPath}

const {O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW} = constants
const reading = O_RDONLY | O_NONBLOCK | O_NOCTTY

/** In bytes: what is read whole is text, or a table that somebody wrote. */
export const usualLimit = 64 * 1024 * 1024

export interface OpenFile {
  descriptor: number
  stats: Stats
}

/**
 * A regular file to read from; the caller closes it. Throws what open(2) would, ENOTREG for what is not a regular file,
 * ELINKED and EMANY for a link and a file with several names below a foreign directory.
 */
export function openFile(path: string): OpenFile {
  const {descriptor, stats = fstatSync(descriptor)} = openUnseen(path)
  try {
    checkRegular(stats, path)
    return {descriptor, stats}
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/**
 * As openFile(), but what root has put into a directory of its own was not looked at yet: that is left to callers who
 * look anyway, after the reading, and have checkRegular() for it.
 */
export function openUnseen(path: string): Pick<OpenFile, 'descriptor'> & Partial<OpenFile> {
  for (let links = 0, now = path; ; links++) {
    const found = opening(() =>
      within(now, (directory, name) => (directory.foreign ? openForeign(directory, name) : openOwn(directory, name))),
    )
    if (typeof found === 'object') return found
    if (typeof found === 'number') return {descriptor: found}
    if (links === mostLinks) throw systemError('ELOOP', path)
    now = found
  }
}

/** The look before it is a part of opening. */
function opening<Result>(act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && error.syscall === 'lstat') {
      Object.assign(error, {syscall: 'open', message: error.message.replace(', lstat ', ', open ')})
    }
    throw error
  }
}

/** Or where a link leads to. Only root can have put here what it opens. */
function openOwn(directory: Directory, name: string): number | string {
  try {
    return openSync(directory.at(name), reading | O_NOFOLLOW)
  } catch (error) {
    if (errorCode(error) === 'ELOOP') return linkIn(directory, name)!
    // A socket, or a device that nothing drives.
    if (errorCode(error) === 'ENXIO' || errorCode(error) === 'ENODEV') {
      checkRegular(lstatSync(directory.at(name)), directory.pathOf(name))
    }
    throw error
  }
}

function openForeign(directory: Directory, name: string): OpenFile {
  const seen = openSync(directory.at(name), O_PATH | O_NOFOLLOW)
  try {
    const stats = fstatSync(seen)
    checkRegular(stats, directory.pathOf(name))
    if (stats.nlink > 1) throw systemError('EMANY', directory.pathOf(name))
    return {descriptor: openSync(`/proc/self/fd/${seen}`, reading), stats}
  } finally {
    closeSync(seen)
  }
}

export function checkRegular(stats: Stats, path: string): void {
  if (stats.isFile()) return
  if (stats.isDirectory()) throw systemError('EISDIR', path, 'read')
  throw systemError(stats.isSymbolicLink() ? 'ELINKED' : 'ENOTREG', path)
}

/** All of a file. More than `limit` bytes are EFBIG. */
export function readBytes(path: string, limit = usualLimit): Buffer {
  const {descriptor, stats} = openFile(path)
  try {
    return told(path, () => readDescriptor(descriptor, path, limit, stats))
  } finally {
    closeSync(descriptor)
  }
}

export function readText(path: string, encoding: 'utf8' | 'latin1' = 'utf8', limit = usualLimit): string {
  return readBytes(path, limit).toString(encoding)
}

/** Latin1; undefined where it cannot be read. */
export function tryText(path: string): string | undefined {
  return quietly(() => readText(path, 'latin1'))
}

/** Up to the end that it had at first: a writer does not keep us waiting. Each piece is good until the next one. */
export function* piecesOf({descriptor, stats}: OpenFile, largest: number): Generator<Buffer, undefined> {
  try {
    const buffer = Buffer.allocUnsafeSlow(largest)
    for (let at = 0; at < stats.size; ) {
      const length = readSync(descriptor, buffer, 0, Math.min(largest, stats.size - at), at)
      if (length === 0) return
      at += length
      yield buffer.subarray(0, length)
    }
  } finally {
    closeSync(descriptor)
  }
}

/** What this program consists of, which Node runs, whatever its owner. */
export function readOwn(path: string): string {
  return readFileSync(path, 'utf8')
}

/** All that a descriptor has. */
export function readDescriptor(
  descriptor: number,
  path: string,
  limit = usualLimit,
  {size} = fstatSync(descriptor),
): Buffer {
  if (size > limit) throw systemError('EFBIG', path, 'read')
  // Files of the kernel have no size.
  let bytes = Buffer.allocUnsafe(Math.min(Math.max(size + 1, 4096), limit + 1))
  for (let length = 0; ; ) {
    const count = readSync(descriptor, bytes, length, bytes.length - length, length)
    if (count === 0) return bytes.subarray(0, length)
    length += count
    if (length > limit) throw systemError('EFBIG', path, 'read')
    if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(bytes.length * 2, limit + 1))
  }
}

/** What is there itself, a link included; undefined when nothing is. Throws what lstat(2) would otherwise. */
export function lookAt(path: string): Stats | undefined {
  return orAbsent(() => within(path, (directory, name) => lstatSync(directory.at(name), {throwIfNoEntry: false})))
}

/** The same; throws also where nothing is. */
export function lstat(path: string): Stats {
  const found = lookAt(path)
  if (found === undefined) throw systemError('ENOENT', path, 'lstat')
  return found
}

/** As lookAt, of where root's links lead to. */
export function lookThrough(path: string): Stats | undefined {
  return orAbsent(() => through(path, (at) => lstatSync(at, {throwIfNoEntry: false})))
}

/** The same; throws what stat(2) would. */
export function statThrough(path: string): Stats {
  return through(path, (at) => lstatSync(at))
}

/** As lookThrough, of which inode and times are not rounded. */
export function lookExactly(path: string): BigIntStats | undefined {
  return orAbsent(() => through(path, (at) => lstatSync(at, {bigint: true, throwIfNoEntry: false})))
}

/** `see` looks at each on the way, and at the last, which is not a link. */
function through<Found extends Stats | BigIntStats | undefined>(
  path: string,
  see: (at: string | Buffer) => Found,
): Found {
  for (let links = 0, now = path; ; links++) {
    const found = within(now, (directory, name) => {
      const stats = see(directory.at(name))
      return stats?.isSymbolicLink() ? {target: linkIn(directory, name)} : {stats}
    })
    if ('stats' in found) return found.stats as Found
    if (found.target === undefined) throw systemError('ECHANGED', path, 'lstat')
    if (links === mostLinks) throw systemError('ELOOP', path, 'lstat')
    now = found.target
  }
}

/** The type of the file system that it lies on. Source: statfs(2). */
export function fileSystemOf(path: string): number {
  return within(realPath(path), (directory) => statfsSync(directory.itself()).type)
}

/** In bytes, what others than root may still write there. Source: statvfs(3), f_bavail. */
export function freeSpaceAt(path: string): number {
  return within(realPath(path), (directory) => {
    const {bavail, bsize} = statfsSync(directory.itself())
    return bavail * bsize
  })
}

function orAbsent<Found extends Stats | BigIntStats>(act: () => Found | undefined): Found | undefined {
  try {
    return act()
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined
    throw error
  }
}

/** False also for what cannot be reached. */
export function isThere(path: string): boolean {
  return quietly(() => lookThrough(path)) !== undefined
}

export function isFile(path: string): boolean {
  return quietly(() => lookThrough(path))?.isFile() ?? false
}

export function isDirectory(path: string): boolean {
  return quietly(() => lookThrough(path))?.isDirectory() ?? false
}

/** None of one that cannot be read. */
export function namesIn(directory: string): string[] {
  return (quietly(() => readEntries(directory)) ?? []).map(({name}) => name)
}

/** Undefined where the system does not let us. */
export function quietly<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

/** What is in a directory. Throws what opendir(3) would. */
export function readEntries(path: string): Dirent[] {
  const directory = openDirectory(path)
  try {
    return directory.entries()
  } finally {
    directory.close()
  }
}

/** Names in the order of the directory itself, as find(1) meets them. Throws what opendir(3) would. */
export function readUnsorted(path: string): string[] {
  const directory = openDirectory(path)
  try {
    const entries = opendirSync(directory.itself())
    const names: string[] = []
    for (let each = entries.readSync(); each !== null; each = entries.readSync()) names.push(each.name)
    entries.closeSync()
    return names
  } finally {
    directory.close()
  }
}

/** Of all processes that /proc shows. Throws what readdir(2) says. */
export function processIds(): number[] {
  return readEntries('/proc').flatMap(({name}) => (/^\d+$/.test(name) ? Number(name) : []))
}

/**
 * Relative paths of all that is below a directory, each directory before what is in it. Nothing for what is not a directory
 * itself, a link to one included. Not by a recursive readdir: Node's goes through links, out of the tree or round.
 */
export function namesBelow(path: string): string[] {
  if (!lookAt(path)?.isDirectory()) return []
  return within(path, (directory, name) => namesInside(directory, name, ''))
}

/** The path and all that is below it, as namesBelow() finds it. */
export function treeAt(path: string): string[] {
  return [path, ...namesBelow(path).map((each) => `${path}/${each}`)]
}

function namesInside(parent: Directory, name: string, prefix: string): string[] {
  const directory = parent.enter(name)
  try {
    return directory.entries().flatMap((each) => {
      const path = `${prefix}${each.name}`
      return each.isDirectory() ? [path, ...namesInside(directory, each.name, `${path}/`)] : [path]
    })
  } finally {
    directory.close()
  }
}

/** Where a link leads to, as it is written in it. */
export function readTarget(path: string): string {
  return within(path, (directory, name) => readLink(directory.at(name)))
}

export interface FileBelow {
  name: string
  /** What lstat(2) says while its directory is open; undefined when it is gone. */
  look(): Stats | undefined
}

/** The regular files below a directory, through directories that are no links. None where there is no directory. */
export function filesBelow(path: string): Generator<FileBelow> {
  return filesIn(() => openDirectory(path))
}

/** What goes while we look is not there. */
function* filesIn(open: () => Directory): Generator<FileBelow> {
  const directory = unlessGone(open)
  if (directory === undefined) return
  try {
    for (const each of unlessGone(() => directory.entries()) ?? []) {
      const {name} = each
      if (each.isFile()) yield {name, look: () => lstatSync(directory.at(name), {throwIfNoEntry: false})}
      else if (each.isDirectory()) yield* filesIn(() => directory.enter(name))
    }
  } finally {
    directory.close()
  }
}

function unlessGone<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
