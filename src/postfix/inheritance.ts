/**
 * What a child of -x, -p and run inherits from the caller although Node does not pass it on: settings that the launcher
 * put aside, signals that the caller ignores, descriptors above 2. A C program hands all of it on by doing nothing.
 * Source: run_user_command() in postmulti.c; bin/postmulti.
 */
import type {StdioOptions} from 'node:child_process'

export interface Inheritance {
  /** Names of ignored signals. */
  ignored: NodeJS.Signals[]
  /** Descriptors above 2. */
  descriptors: number[]
}

/** The launcher's marks stay in our environment for it; callerEnvironment() leaves them out. */
export function readInheritance(): Inheritance {
  const {POSTMULTI_IGNORED: mask = '0', POSTMULTI_DESCRIPTORS: descriptors = ''} = process.env
  return {ignored: signalsOf(mask), descriptors: (descriptors.match(/\d+/g) ?? []).map(Number)}
}

/** Puts back what the launcher put aside, and ignores what the caller ignores. */
export function takeInheritance(): Inheritance {
  const inheritance = readInheritance()
  const prefix = 'POSTMULTI_CALLER_'
  for (const name of Object.keys(process.env)) {
    if (!name.startsWith(prefix)) continue
    process.env[name.slice(prefix.length)] = process.env[name]
    delete process.env[name]
  }
  for (const signal of inheritance.ignored) if (signal !== 'SIGPIPE') process.on(signal, () => {})
  return inheritance
}

/** stdin, stdout and stderr, then what else the caller has open, each at its place. */
export function stdioOf(first: ('inherit' | 'ignore' | 'pipe')[], {descriptors}: Inheritance): StdioOptions {
  const stdio: StdioOptions = [...first]
  for (const each of descriptors) stdio[each] = each
  return Array.from(stdio, (each) => each ?? 'ignore')
}

/** Signal 13. */
const sigpipe = 1n << 12n

/** From the hexadecimal mask of proc(5), "SigIgn". */
function signalsOf(mask: string): NodeJS.Signals[] {
  const bits = BigInt(`0x${mask}`)
  if (bits === 0n) return []
  // What systemd has its services ignore. Node takes a moment to load the names of others.
  if (bits === sigpipe) return ['SIGPIPE']
  const {constants} = process.getBuiltinModule('node:os')
  const cannotBeIgnored = ['SIGKILL', 'SIGSTOP']
  return Object.entries(constants.signals)
    .filter(([name, number]) => (bits >> BigInt(number - 1)) & 1n && !cannotBeIgnored.includes(name))
    .map(([name]) => name as NodeJS.Signals)
}
