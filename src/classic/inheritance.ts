/**
 * What a child of -x and -p inherits from the caller although Node does not pass it on: settings that the launcher put
 * aside, signals that the caller ignores, descriptors above 2. A C program hands all of it on by doing nothing.
 * Source: run_user_command() in postmulti.c; bin/postmulti.
 */
import {constants} from 'node:os'

export interface Inheritance {
  /** Names of ignored signals. */
  ignored: NodeJS.Signals[]
  /** Descriptors above 2. */
  descriptors: number[]
}

/** Takes the launcher's marks out of our environment, and ignores what the caller ignores. */
export function takeInheritance(): Inheritance {
  const {POSTMULTI_IGNORED: mask = '0', POSTMULTI_DESCRIPTORS: descriptors = ''} = process.env
  const prefix = 'POSTMULTI_CALLER_'
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith('POSTMULTI_')) continue
    delete process.env[name]
    if (name.startsWith(prefix)) process.env[name.slice(prefix.length)] = value
  }
  const ignored = signalsOf(mask)
  for (const signal of ignored) if (signal !== 'SIGPIPE') process.on(signal, () => {})
  return {
    ignored,
    descriptors: descriptors
      .split(' ')
      .filter((each) => each !== '')
      .map(Number),
  }
}

/** From the hexadecimal mask of proc(5), "SigIgn". */
function signalsOf(mask: string): NodeJS.Signals[] {
  if (/^0*$/.test(mask)) return []
  const bits = BigInt(`0x${mask}`)
  const cannotBeIgnored = ['SIGKILL', 'SIGSTOP']
  return Object.entries(constants.signals)
    .filter(([name, number]) => (bits >> BigInt(number - 1)) & 1n && !cannotBeIgnored.includes(name))
    .map(([name]) => name as NodeJS.Signals)
}
