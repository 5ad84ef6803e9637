/**
 * What postsuper(1), postqueue(1) and postcat(1) do with single messages of one instance. postsuper(1) may end with an
 * error after its work, so what counts is what it says of each message.
 */
import {ToolFailure} from '../../model/base/errors.ts'
import {operands, suggest} from '../../model/base/suggestion.ts'
import {explainError} from '../../model/base/system-error.ts'
import {typed} from '../../model/base/typed.ts'
import type {Instance} from '../../model/instance/instance.ts'
import type {Primary} from '../reader/primary.ts'

export interface Handled {
  /** Queue ids of the messages that it has dealt with. */
  done: Set<string>
  /** What else it had to say, line by line. */
  said: string[]
}

const letters = {hold: '-h', release: '-H', requeue: '-r', delete: '-d'} as const
const answers = {hold: 'placed on hold', release: 'released from hold', requeue: 'requeued', delete: 'removed'}

/** `ids` are messages of this instance; no others are touched. */
export function handleMessages(
  action: keyof typeof letters | 'flush',
  instance: Instance,
  ids: readonly string[],
  primary: Primary,
): Handled {
  return action === 'flush' ? flush(instance, ids, primary) : runPostsuper(action, instance, ids, primary)
}

/** The ids go to its stdin, so that there may be any number of them. */
function runPostsuper(
  action: keyof typeof letters,
  {config_directory}: Instance,
  ids: readonly string[],
  primary: Primary,
): Handled {
  const {said} = runFor(primary, 'postsuper', ['-c', config_directory, letters[action], '-'], `${ids.join('\n')}\n`)
  const done = new Set<string>()
  const rest: string[] = []
  for (const line of said) {
    const [, id, answer] = /^postsuper: (\w+): (.*)$/.exec(line) ?? []
    if (id !== undefined && answer === answers[action]) done.add(id)
    else if (!/^postsuper: (?:Deleted|Requeued|Placed on hold|Released from hold): \d+ messages?$/.test(line)) {
      rest.push(line + logfileRemedy(line, primary))
    }
  }
  return {done, said: rest}
}

/** Without postlogd(8) it writes the log itself, as mail_owner; where it cannot, it ends with its first message. */
function logfileRemedy(line: string, primary: Primary): string {
  const [, file] = /: open logfile '(.+)': .*Permission denied$/.exec(line) ?? []
  return file === undefined ? '' : `; try: ${typed(suggest`chown ${operands(primary.parameter('mail_owner'), file)}`)}`
}

function flush({config_directory}: Instance, ids: readonly string[], primary: Primary): Handled {
  const done = new Set<string>()
  for (const each of ids) {
    const {status, said} = runFor(primary, 'postqueue', ['-c', config_directory, '-i', each], '')
    // What keeps one message from being tried keeps the others, too.
    if (status !== 0) return {done, said}
    done.add(each)
  }
  return {done, said: []}
}

/** Envelope, header and body, as postcat(1) prints them. */
export function readMessage({config_directory}: Instance, id: string, primary: Primary): Buffer {
  const words = ['-c', config_directory, '-q', id]
  const {status, said, stdout} = runFor(primary, 'postcat', words, '')
  if (status !== 0) throw new ToolFailure(['postcat', ...words].join(' '), status, said.join('\n'))
  return stdout
}

function runFor(
  primary: Primary,
  program: 'postsuper' | 'postqueue' | 'postcat',
  words: string[],
  input: string,
): {status: number | null; said: string[]; stdout: Buffer} {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const command_directory = primary.parameter('command_directory')
  const {status, stdout, stderr, error} = spawnSync(`${command_directory}/${program}`, words, {
    input,
    env: {PATH: `${command_directory}:/bin:/usr/bin:/sbin:/usr/sbin`, LANG: 'C'},
    maxBuffer: 2 ** 30,
  })
  if (error !== undefined) throw new ToolFailure([program, ...words].join(' '), null, explainError(error))
  return {
    status,
    said: stderr
      .toString()
      .split('\n')
      .filter((line) => line !== ''),
    stdout,
  }
}
