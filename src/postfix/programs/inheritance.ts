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

/** The launcher's marks stay in our environment for it; callerEnvironment() skips them. */
export function readInheritance(): Inheritance {
  const {POSTMULTI_IGNORED: mask = '0', POSTMULTI_DESCRIPTORS: descriptors = ''} = process.env
  return {ignored: signalsOf(mask), descriptors: (descriptors.match(/\d+/g) ?? []).map(Number)}
}

/** The signals that ask a program to end, without those that the caller ignores (nohup does): they end nothing. */
export function endingSignals(): NodeJS.Signals[] {
  const {ignored} = readInheritance()
  return (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).filter((each) => !ignored.includes(each))
}

/** Nothing else that has our prefix becomes a variable of another name: sudo(8) lets it pass, and would remove that. */
const putAside = [
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'NODE_ICU_DATA',
  'NODE_REDIRECT_WARNINGS',
  'NODE_V8_COVERAGE',
  'NODE_DEBUG',
  'NODE_CHANNEL_FD',
  'OPENSSL_CONF',
  'HOME',
]

/** Puts back what the launcher put aside, and ignores what the caller ignores. */
export function takeInheritance(): Inheritance {
  const inheritance = readInheritance()
  for (const name of putAside) {
    const value = process.env[`POSTMULTI_CALLER_${name}`]
    if (value !== undefined) process.env[name] = value
  }
  // Other variables with our prefix go: oclif would take settings of its own from them.
  for (const name of Object.keys(process.env)) if (isForUs(name)) delete process.env[name]
  for (const signal of inheritance.ignored) if (signal !== 'SIGPIPE') process.on(signal, () => {})
  return inheritance
}

function isForUs(name: string): boolean {
  return name.startsWith('POSTMULTI_') && name !== 'POSTMULTI_IGNORED' && name !== 'POSTMULTI_DESCRIPTORS'
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
