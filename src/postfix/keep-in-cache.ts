/** What is kept from one call to the next, in files that only root writes, each of them whole. */
import {chmodSync, mkdirSync, renameSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {errorCode} from '../model/system-error.ts'

/** Without the right to it, or where its directory is not `trusted`, nothing is kept: the next call does without. */
export function keepInCache(
  file: string,
  text: string,
  mode: number,
  trusted: (directory: string) => boolean = () => true,
): void {
  if (process.geteuid!() !== 0) return
  try {
    mkdirSync(dirname(file), {recursive: true, mode: 0o755})
    if (!trusted(dirname(file))) return
    const temporary = `${file}.${process.pid}`
    writeFileSync(temporary, text, {mode})
    chmodSync(temporary, mode)
    renameSync(temporary, file)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
  }
}
