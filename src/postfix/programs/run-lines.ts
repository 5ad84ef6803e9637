/** One program whose lines are told as they come, among those of others. */

import type {Readable} from 'node:stream'
import {newline} from '../../model/base/text.ts'
import type {Command} from './child-environment.ts'
import {describeEnding, statusOf} from './ending.ts'
import type {ProgramOutput} from './run-buffered.ts'

/** `say` gets whole lines; a missing newline at the end is added, so that the next line is one of its own. */
export async function runLines(
  command: Command,
  {readsStdin}: {readsStdin: boolean},
  say: (stream: 'stdout' | 'stderr', line: Buffer) => void,
): Promise<ProgramOutput> {
  const {execa} = await import('execa')
  const [program = '', ...rest] = command.words
  const running = execa(program, rest, {
    stdio: [readsStdin ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    env: command.environment,
    extendEnv: false,
    detached: !readsStdin,
    cleanup: false,
    buffer: false,
    reject: false,
  })
  const told = (['stdout', 'stderr'] as const).map((each) => eachLine(running[each], (line) => say(each, line)))
  const ended = await running
  await Promise.all(told)
  return {status: statusOf(ended), stdout: Buffer.alloc(0), stderr: Buffer.from(describeEnding(command.words, ended))}
}

async function eachLine(stream: Readable, handle: (line: Buffer) => void): Promise<void> {
  let begun = Buffer.alloc(0)
  for await (const chunk of stream) {
    begun = Buffer.concat([begun, chunk as Buffer])
    for (let end = begun.indexOf(newline); end >= 0; end = begun.indexOf(newline)) {
      handle(begun.subarray(0, end + 1))
      begun = begun.subarray(end + 1)
    }
  }
  if (begun.length > 0) handle(Buffer.concat([begun, Buffer.of(newline)]))
}
