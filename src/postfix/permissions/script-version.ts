/** Which version of one of Postfix's or Debian's scripts is installed: by its commands, whatever its comments say. */
import {readText} from '../../files/read.ts'
import {errorCode} from '../../model/base/system-error.ts'
import {Unsure} from './unsure.ts'

/** Latin1, without indentation, comments and empty lines. Throws Unsure. */
export function readCommands(script: string): string[] {
  try {
    const lines = readText(script, 'latin1').split('\n')
    return lines.map((each) => each.trim()).filter((each) => each !== '' && !each.startsWith('#'))
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    throw new Unsure(`${script} cannot be read`)
  }
}

/** From the first line that is `start` to the one before `end`; empty where there is none. */
export function between(commands: readonly string[], start: string, end: string): string[] {
  const from = commands.indexOf(start)
  return from === -1 ? [] : commands.slice(from, commands.indexOf(end, from))
}

/** It tells versions apart, and no more: only root writes them. node:crypto takes V8 a while. */
export function fingerprint(commands: readonly string[]): string {
  const text = commands.join('\n')
  let [one, other] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    one = (Math.imul(one, 31) + code) | 0
    other = (Math.imul(other, 65_599) + code) | 0
  }
  return [text.length, one >>> 0, other >>> 0].join(' ')
}
