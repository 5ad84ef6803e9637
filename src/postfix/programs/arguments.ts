/** Command line and environment as bytes: Node has replaced what is not UTF-8 before we could look. */
import {readText} from '../../files/read.ts'
import {fromBytes} from '../../model/base/text.ts'

/** The same words; where one of them may have been damaged, as the kernel has them. */
export function rawArguments(words: string[]): string[] {
  return words.some(hasLostBytes) ? readStrings('cmdline').slice(-words.length) : words
}

/** The environment we were started with; the launcher's marks are still in it. */
export function rawEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const damaged = Object.entries(environment).filter(([, value]) => hasLostBytes(value ?? ''))
  if (damaged.length === 0) return environment
  const raw = new Map(readStrings('environ').map((each) => [each.slice(0, each.indexOf('=')), each] as const))
  const mended = damaged.map(([name, value]) => [name, raw.get(name)?.slice(name.length + 1) ?? value])
  return {...environment, ...Object.fromEntries(mended)}
}

function hasLostBytes(text: string): boolean {
  return text.includes('\uFFFD')
}

function readStrings(file: 'cmdline' | 'environ'): string[] {
  return readText(`/proc/self/${file}`, 'latin1').split('\0').slice(0, -1).map(fromBytes)
}
