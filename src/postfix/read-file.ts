/**
 * One configuration file, whole, into a buffer that serves them all.
 * A file that is being written is read again until two readings agree; Postfix waits two seconds instead.
 */
import {closeSync, fstatSync, openSync, readSync} from 'node:fs'

let buffer = Buffer.allocUnsafeSlow(256 * 1024)

/** Younger than this and it may be half-written, in milliseconds. */
const hot = 2000

/** Latin1 text. Throws what open(2) or read(2) says. */
export function readConfiguration(path: string): string {
  const descriptor = openSync(path, 'r')
  try {
    let text = readWhole(descriptor)
    if (Math.abs(Date.now() - fstatSync(descriptor).mtimeMs) < hot) {
      for (let again = readWhole(descriptor); again !== text; again = readWhole(descriptor)) text = again
    }
    return text
  } finally {
    closeSync(descriptor)
  }
}

function readWhole(descriptor: number): string {
  let length = 0
  for (;;) {
    const count = readSync(descriptor, buffer, length, buffer.length - length, length)
    if (count === 0) return buffer.toString('latin1', 0, length)
    length += count
    if (length === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2)
  }
}
