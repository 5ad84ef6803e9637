/** Yes or no, asked on the terminal before something happens. */
import {withoutControls} from '../../model/base/controls.ts'

/** Whether a user can answer: stdin and the output of the question are a terminal. */
export function isAnybodyThere(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** 'interrupted' is Ctrl-C. */
export type Confirmation = 'yes' | 'no' | 'interrupted'

/** No is the answer of an empty line and of the end of the input, too. */
export async function askPerson(question: string): Promise<Confirmation> {
  const {createInterface} = process.getBuiltinModule('node:readline/promises')
  const terminal = createInterface({input: process.stdin, output: process.stderr})
  const gone = new AbortController()
  let isInterrupted = false
  terminal.on('SIGINT', () => {
    isInterrupted = true
    gone.abort()
  })
  terminal.on('close', () => gone.abort())
  try {
    const answer = await terminal.question(`${withoutControls(question)} [y/N] `, {signal: gone.signal})
    return /^\s*y(?:es)?\s*$/i.test(answer) ? 'yes' : 'no'
  } catch (error) {
    if (!gone.signal.aborted) throw error
    process.stderr.write('\n')
    return isInterrupted ? 'interrupted' : 'no'
  } finally {
    terminal.close()
  }
}
