/**
 * One command of postfix(1) for one instance, with a look at master(8) before and after it: who wants a running instance
 * started has what they want, and exit status 0 alone does not say that it runs.
 * Source: postfix(1), "start" and "stop"; postfix-script, which waits for master(8) to have its sockets.
 */
import type {Instance} from '../model/instance.ts'
import {toPostfixCommand} from './child-environment.ts'
import type {Primary} from './primary.ts'
import {readRunning} from './read-running.ts'
import {runApart, type Said} from './run-apart.ts'

export type Taken = Said & {skipped: string | null}

/** Words after which no master(8) is left. */
const ending = ['stop', 'abort', 'drain', 'quick-stop']

export async function takeTurn(
  words: string[],
  instance: Instance,
  primary: Primary,
  {caller, merged}: {caller: NodeJS.ProcessEnv; merged: boolean},
): Promise<Taken> {
  const [word = ''] = words
  const runs = (): boolean => readRunning([instance]).get(instance.config_directory) !== null
  const ran = runs()
  if (word === 'start' && ran) return nothing('it runs already')
  if (ending.includes(word) && !ran) return nothing('it does not run')
  const said = await runApart(toPostfixCommand(words, instance, primary, caller), {terminal: true, merged})
  if (said.status === 0 && word === 'start' && !runs()) return failed(said, 'master(8) does not run after its start')
  if (said.status === 0 && word === 'stop' && !(await becomes(() => !runs()))) {
    return failed(said, 'master(8) still runs')
  }
  return {...said, skipped: null}
}

function nothing(skipped: string): Taken {
  return {status: 0, skipped, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0)}
}

function failed(said: Said, why: string): Taken {
  return {...said, status: 1, skipped: null, stderr: Buffer.concat([said.stderr, Buffer.from(`${why}\n`)])}
}

/** After `kill -9` the kernel may need a moment. */
async function becomes(isSo: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    if (isSo()) return true
    await process.getBuiltinModule('node:timers/promises').setTimeout(50)
  }
  return isSo()
}
