/** A file for another program, which reads it at any moment: it finds the old one or the whole new one. */
import {closeSync, fchmodSync, lstatSync, openSync, renameSync, rmSync, type Stats, writeFileSync} from 'node:fs'
import {basename, dirname} from 'node:path'
import {Refusal, ToolFailure} from '../model/errors.ts'
import {errorCode, explainError} from '../model/system-error.ts'
import {toBytes} from '../model/text.ts'

/** Refuses where there is no directory for it, and in place of a device or link, as /dev/stdout is one. */
export function checkReplaceable(path: string): void {
  const directory = dirname(path)
  if (look(`${directory}/.`) === undefined) {
    throw new Refusal(`There is no directory ${directory}, so nothing was written`, {
      suggestions: [['mkdir', '-p', directory]],
    })
  }
  if (look(path)?.isFile() === false) {
    throw new Refusal(`${path} is not a regular file, so it was not replaced`)
  }
}

/** Everybody may read it. Throws a ToolFailure, and leaves the old one then. */
export function replaceFile(path: string, text: string): void {
  // Where files are chosen by the end of their name, as node_exporter does, this is none of them.
  const temporary = toBytes(`${dirname(path)}/.${basename(path)}.${process.pid}`)
  try {
    // What a killed run has left; and no link that somebody has laid there is followed.
    rmSync(temporary, {force: true})
    const descriptor = openSync(temporary, 'wx', 0o644)
    try {
      writeFileSync(descriptor, toBytes(text))
      fchmodSync(descriptor, 0o644)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, toBytes(path))
  } catch (error) {
    const reason = explainError(error)
    remove(temporary)
    throw new ToolFailure(`write ${path}`, null, reason)
  }
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(toBytes(path))
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined
    throw new ToolFailure(`stat ${path}`, null, explainError(error))
  }
}

function remove(temporary: Buffer): void {
  try {
    rmSync(temporary, {force: true})
  } catch (error) {
    explainError(error)
  }
}
