/** Yes or no, asked on the terminal before something happens. */
import {withoutControls} from '../model/controls.ts'

/** Somebody is there to answer: what asks is seen, and what is typed gets here. */
export function isAnybodyThere(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** No is the answer of an empty line, of the end of the input and of Ctrl-C, too. */
export async function ask(question: string): Promise<boolean> {
  const {createInterface} = process.getBuiltinModule('node:readline/promises')
  const terminal = createInterface({input: process.stdin, output: process.stderr})
  const gone = new AbortController()
  terminal.on('SIGINT', () => gone.abort())
  terminal.on('close', () => gone.abort())
  try {
    return /^\s*y(?:es)?\s*$/i.test(
      await terminal.question(`${withoutControls(question)} [y/N] `, {signal: gone.signal}),
    )
  } catch (error) {
    if (!gone.signal.aborted) throw error
    process.stderr.write('\n')
    return false
  } finally {
    terminal.close()
  }
}
