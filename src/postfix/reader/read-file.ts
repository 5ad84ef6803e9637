/**
 * One configuration file, whole, into a buffer that serves them all.
 * A file that is being written is read again until two readings agree; Postfix waits two seconds instead.
 */
import {closeSync, fstatSync, readSync} from 'node:fs'
import {systemError} from '../../files/directory.ts'
import {checkRegular, openUnseen, usualLimit} from '../../files/read.ts'

let fileBuffer = Buffer.allocUnsafeSlow(256 * 1024)

/** Younger than this and it may be half-written, in milliseconds. */
const hot = 2000

/** Latin1 text of a path: as it is, or as it will be. */
export type ReadText = (path: string) => string

/** Throws what open(2) or read(2) says, and EFBIG. */
export function readConfiguration(path: string): string {
  return readInto(path, (length) => fileBuffer.toString('latin1', 0, length))
}

/** Its bytes, until the next file is read. */
export function readShared(path: string): Buffer {
  return readInto(path, (length) => fileBuffer.subarray(0, length))
}

/** A file that is mostly one of a few: what `make` has made of the same bytes is used again. */
export function readLike<Made>(
  path: string,
  known: readonly Remembered<Made>[],
  make: (text: string) => Made,
): Remembered<Made> {
  return readInto(path, (length) => {
    const same = known.find(({bytes}) => fileBuffer.compare(bytes, 0, bytes.length, 0, length) === 0)
    if (same !== undefined) return same
    return {bytes: Buffer.from(fileBuffer.subarray(0, length)), made: make(fileBuffer.toString('latin1', 0, length))}
  })
}

export interface Remembered<Made> {
  bytes: Buffer
  made: Made
}

interface Open {
  path: string
  descriptor: number
}

/** `use` is given the length of the file, which is in the buffer then. */
function readInto<Result>(path: string, use: (length: number) => Result): Result {
  const {descriptor} = openUnseen(path)
  try {
    let length = readSync(descriptor, fileBuffer, 0, fileBuffer.length, 0)
    // After the reading: a change in the middle of it has made the file young.
    const stats = fstatSync(descriptor)
    checkRegular(stats, path)
    const {size, mtimeMs} = stats
    if (length !== size) length = readRest({path, descriptor}, length, size)
    if (Math.abs(Date.now() - mtimeMs) < hot) length = readUntilStable({path, descriptor}, length)
    return use(length)
  } finally {
    closeSync(descriptor)
  }
}

/** `size` is what the file may have; where it has more, there is room for that, too. */
function readRest({path, descriptor}: Open, start: number, size = 0): number {
  for (let length = start; ; ) {
    if (Math.max(length, size) > usualLimit) throw systemError('EFBIG', path, 'read')
    if (length === fileBuffer.length)
      fileBuffer = Buffer.concat([fileBuffer], Math.max(fileBuffer.length * 2, size + 1))
    const count = readSync(descriptor, fileBuffer, length, fileBuffer.length - length, length)
    if (count === 0) return length
    length += count
  }
}

function readUntilStable(file: Open, firstLength: number): number {
  let earlier = Buffer.from(fileBuffer.subarray(0, firstLength))
  for (;;) {
    const length = readRest(file, 0)
    const again = fileBuffer.subarray(0, length)
    if (again.equals(earlier)) return length
    earlier = Buffer.from(again)
  }
}

/** A piece of a string keeps all of it in memory, and here that is a whole file: what is to stay must be a copy. */
export function copyLatin1(piece: string): string {
  return Buffer.from(piece, 'latin1').toString('latin1')
}
