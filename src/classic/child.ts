/**
 * One child of -x or -p: it inherits everything, and is waited for.
 * Source: run_user_command() in postmulti.c.
 */
import {explainError} from '../model/base/system-error.ts'
import type {Command} from '../postfix/programs/child-environment.ts'
import {type Inheritance, stdioOf} from '../postfix/programs/inheritance.ts'
import {passBytes} from '../postfix/programs/pass-bytes.ts'

export interface Child extends Command {
  inheritance: Inheritance
}

/** True when it failed in any way: could not be started, exited with a status, died of a signal. */
export function runChild(child: Child, fatal: (text: string) => void): boolean {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {inheritance} = child
  const {words, environment} = passBytes(child, inheritance.ignored)
  const [program = '', ...rest] = words
  // execvp(3) does not find an empty name; Node would report it as our defect.
  const {status, error} =
    program === ''
      ? {status: null, error: Object.assign(new Error(), {code: 'ENOENT'})}
      : spawnSync(program, rest, {stdio: stdioOf(['inherit', 'inherit', 'inherit'], inheritance), env: environment})
  if (error !== undefined) fatal(`execvp ${child.words[0]}: ${explainError(error)}`)
  return status !== 0
}
