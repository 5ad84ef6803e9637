/** A file for another program, which reads it at any moment: it finds the old one or the whole new one. */
import {dirname} from 'node:path'
import {ours, replaceFile as replace} from '../../files/act.ts'
import {lookAt, lookThrough} from '../../files/read.ts'
import {Refusal} from '../../model/base/errors.ts'
import {orFailure} from '../../model/base/system-error.ts'
import {toBytes} from '../../model/base/text.ts'

/** Refuses where there is no directory for it, and in place of a device or link, as /dev/stdout is one. */
export function checkReplaceable(path: string): void {
  const directory = dirname(path)
  if (orFailure(`stat ${directory}`, () => lookThrough(directory))?.isDirectory() !== true) {
    throw new Refusal(`There is no directory ${directory}, so nothing was written`, {
      suggestions: [['mkdir', '-p', directory]],
    })
  }
  if (orFailure(`stat ${path}`, () => lookAt(path))?.isFile() === false) {
    throw new Refusal(`${path} is not a regular file, so it was not replaced`)
  }
}

/** Everybody may read it. Throws a ToolFailure, and leaves the old one then. */
export function writeReport(path: string, text: string): void {
  orFailure(`write ${path}`, () => replace(path, toBytes(text), {mode: 0o644, ...ours()}))
}
