/**
 * Running one of Postfix's own commands for a change.
 * Source: export_helper_environment() in postmulti.c for the environment.
 */
import {typed} from '../model/base/typed.ts'
import type {Primary} from '../postfix/reader/primary.ts'
import {mustSucceed, runInHand} from './in-hand.ts'

/** `passOn` gets what it says on stderr. Returns what it printed. Throws a ToolFailure. */
export async function runTool(
  primary: Primary,
  command: 'postconf' | 'postfix',
  words: string[],
  lock: number,
  passOn: (text: string) => void,
): Promise<string> {
  const command_directory = primary.parameter('command_directory')
  const ended = runInHand(`${command_directory}/${command}`, words, lock, {
    argv0: command,
    env: {
      MAIL_CONFIG: primary.instance.config_directory,
      PATH: `${command_directory}:/bin:/usr/bin:/sbin:/usr/sbin`,
      LANG: 'C',
    },
  })
  const {stdout, stderr} = await mustSucceed(typed([command, ...words]), ended)
  if (stderr !== '') passOn(stderr)
  return stdout
}
