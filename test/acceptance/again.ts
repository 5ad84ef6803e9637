/** Mocha is started again for a file, where that file can do as it likes: what fails there is named here, too. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'

export interface Again {
  /** Besides those of this process. */
  variables: Record<string, string>
  /** Ends what hangs, in minutes. */
  limit: number
}

/** Throws what has failed. `command` leads to where mocha runs; `words` are mocha's. */
export async function runAgain(command: string[], words: string[], {variables, limit}: Again): Promise<void> {
  const [program = '', ...others] = command
  const child = spawn(program, [...others, '--no-color', ...words], {
    env: {...process.env, ...variables},
    killSignal: 'SIGTERM',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: Math.ceil(limit * 60_000),
  })
  let report = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    report += text
    process.stdout.write(text)
  })
  const [status] = await once(child, 'close')
  assert.ok(status === 0, status === null ? `not done after ${limit} minutes` : failuresOf(report))
}

/** Of a report of mocha; the end of any other output. */
export function failuresOf(output: string): string {
  const from = output.search(/^ {2}\d+ failing\b/m)
  return from < 0 ? output.split('\n').slice(-20).join('\n') : output.slice(from)
}
