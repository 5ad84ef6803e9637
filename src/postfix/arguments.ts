/** The words of the command line as bytes: Node has replaced what is not UTF-8 before we could look. */
import {readFileSync} from 'node:fs'
import {fromBytes} from '../model/text.ts'

/** The same words; where one of them may have been damaged, as the kernel has them. */
export function rawArguments(words: string[]): string[] {
  if (!words.some((each) => each.includes('\uFFFD'))) return words
  const all = readFileSync('/proc/self/cmdline').toString('latin1').split('\0').slice(0, -1)
  return words.length === 0 ? [] : all.slice(-words.length).map((each) => fromBytes(Buffer.from(each, 'latin1')))
}
