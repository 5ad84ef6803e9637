/**
 * One child of -x or -p: it inherits everything, and is waited for.
 * Source: run_user_command() in postmulti.c.
 */
import {explainError} from '../model/system-error.ts'

/** True when it failed in any way: could not be started, exited with a status, died of a signal. */
export function runChild(
  words: string[],
  environment: NodeJS.ProcessEnv,
  complain: (text: string) => void,
): boolean {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const [program = '', ...rest] = words
  const {status, error} = spawnSync(program, rest, {stdio: 'inherit', env: environment})
  if (error !== undefined) complain(`execvp ${program}: ${explainError(error)}`)
  return status !== 0
}
