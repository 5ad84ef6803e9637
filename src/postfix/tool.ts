/**
 * Running one of Postfix's own commands for a change.
 * Source: export_helper_environment() in postmulti.c for the environment.
 */
import {ToolFailure} from '../model/errors.ts'
import {explainError} from '../model/system-error.ts'
import type {Primary} from './primary.ts'

/** Long enough for set-permissions on a queue with a million files; a tool that hangs must not hold the lock for ever. */
const timeout = 600_000

/** `lock` is inherited, so that the lock outlives us when the tool does. `passOn` gets what it says on stderr. */
export function runTool(
  primary: Primary,
  command: 'postconf' | 'postfix',
  words: string[],
  lock: number,
  passOn: (text: string) => void,
): void {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const command_directory = primary.parameter('command_directory')
  const typed = [command, ...words.map(quote)].join(' ')
  const {status, signal, stderr, error} = spawnSync(`${command_directory}/${command}`, words, {
    argv0: command,
    stdio: ['ignore', 'ignore', 'pipe', lock],
    timeout,
    encoding: 'utf8',
    env: {
      MAIL_CONFIG: primary.instance.config_directory,
      PATH: `${command_directory}:/bin:/usr/bin:/sbin:/usr/sbin`,
      LANG: 'C',
    },
  })
  if (error !== undefined) throw new ToolFailure(typed, null, explainError(error))
  if (status !== 0) throw new ToolFailure(typed, status, stderr || (signal === null ? '' : `ended by ${signal}`))
  if (stderr !== '') passOn(stderr)
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
