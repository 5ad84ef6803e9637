/**
 * What the classic interface prints, byte for byte: stdout through write(2) without Node's streams, and complaints as
 * `NAME: fatal: TEXT`.
 * Source: list_instances() in postmulti.c; msg_vprintf() and quote_for_json() in Postfix's util library.
 */
import {fstatSync, writeSync} from 'node:fs'
import {withoutControls} from '../model/base/controls.ts'
import {errorCode} from '../model/base/system-error.ts'
import {byteLength, toBytes} from '../model/base/text.ts'
import type {Instance} from '../model/instance/instance.ts'

/** Columns count bytes; long values push the rest. */
export function toListLine({multi_instance_name, multi_instance_group, ...rest}: Instance): string {
  const enabled = rest.multi_instance_enable ? 'y' : 'n'
  return `${column(multi_instance_name || '-', 15)} ${column(multi_instance_group || '-', 15)} ${column(enabled, 9)} ${rest.config_directory}\n`
}

/** The object of Postfix 3.11, with the whole group name. */
export function toJsonLine({multi_instance_name, multi_instance_group, ...rest}: Instance): string {
  const members = {
    name: multi_instance_name || '-',
    group: multi_instance_group || '-',
    enabled: rest.multi_instance_enable ? 'y' : 'n',
    config_directory: rest.config_directory,
  }
  const written = Object.entries(members).map(([key, value]) => `"${key}": ${JSON.stringify(value)}`)
  return `{${written.join(',')}}\n`
}

/** Throws what write(2) says, EPIPE included. */
export function print(text: string): void {
  write(1, text)
}

/** On stderr. When that fails there is nowhere to say so. */
export function printError(text: string): void {
  try {
    write(2, text)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
  }
}

/** Node's own answer comes with all of its streams and sockets: it is asked only where a terminal may be. */
export function isTerminal(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isCharacterDevice() || stats.rdev === devNull) return false
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor)
}

/** Major 1, minor 3. */
const devNull = 0x103

/** A diagnostic is one printable line, in which nothing turns the way of writing. */
export function toPrintableLine(text: string): string {
  return withoutControls(text).replace(/\p{Cs}/gu, '?')
}

function column(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - byteLength(text)))
}

function write(descriptor: number, text: string): void {
  const bytes = toBytes(text)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      // A descriptor that somebody made non-blocking: wait a moment for its reader.
      if (errorCode(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}
