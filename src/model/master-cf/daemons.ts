/**
 * What Postfix's daemons want of their line in master.cf: with anything else they die as soon as they are started.
 * Tried on Postfix 3.7: each program with each type and limit, with rights and without, and with a word too many.
 * Source: single_server.c, multi_server.c, event_server.c, trigger_server.c and dgram_server.c, "requires".
 */
import {readAttributes} from './attributes.ts'
import {readOptions} from './options.ts'
import type {ServiceLine} from './services.ts'

interface Daemon {
  /** What maxproc must be. */
  limit?: '0' | '1'
  /** It needs unprivileged = n. */
  isPrivileged?: true
  /** How clients come to it, where not by a connection. */
  types?: readonly string[]
}

const single: Daemon = {limit: '1'}
const unlimited: Daemon = {limit: '0'}
const privileged: Daemon = {isPrivileged: true}
const triggered: Daemon = {limit: '1', types: ['unix', 'fifo', 'inet', 'pass']}

const daemons: ReadonlyMap<string, Daemon> = new Map(
  Object.entries({
    ...{anvil: single, bounce: unlimited, cleanup: unlimited, discard: {}, dnsblog: unlimited, error: {}},
    ...{flush: unlimited, lmtp: {}, local: privileged, nqmgr: triggered, oqmgr: triggered, pickup: triggered},
    ...{pipe: privileged, postlogd: {limit: '1', types: ['unix-dgram']}, postscreen: single, proxymap: {}},
    ...{qmgr: triggered, qmqpd: {}, scache: single, showq: {}, smtp: {}, smtpd: {}, spawn: privileged},
    ...{tlsmgr: single, tlsproxy: unlimited, 'trivial-rewrite': {}, verify: single, virtual: privileged},
  } satisfies Record<string, Daemon>),
)

export const daemonNames: readonly string[] = [...daemons.keys()]

/** By a connection. */
const connected = ['inet', 'unix', 'pass']

/** In words; `usual` is default_process_limit. What is no program of Postfix is not judged. */
export function findDaemonFault(service: ServiceLine, usual: string): string | undefined {
  const {type, command, words} = service
  const daemon = daemons.get(command)
  if (daemon === undefined) return undefined
  const {settings, rest, fault} = readOptions(words)
  if (fault !== undefined) return describeOptionFault(fault, words)
  const {limit, isPrivileged, types = connected} = daemon
  if (!types.includes(type)) return `its type is ${type}, and ${command}(8) must be ${types.slice(0, 2).join(' or ')}`
  const maxproc = service.limit === '-' ? usual : service.limit
  if (limit !== undefined && /^\d+$/.test(maxproc) && Number(maxproc) !== Number(limit)) {
    return `maxproc is ${service.limit}, and must be ${limit} for ${command}(8)`
  }
  if (isPrivileged && service.unprivileged !== 'n') {
    return `unprivileged is ${service.unprivileged}, and must be n for ${command}(8)`
  }
  if (command === 'pipe' || command === 'spawn') return readAttributes(command, rest).fault
  const flags = command === 'smtp' || command === 'lmtp' ? /^flags=[DORX]*$/i : undefined
  const extra = rest.find((each) => !flags?.test(each))
  if (extra === undefined) return undefined
  if (flags !== undefined && /^flags=/i.test(extra)) return `${extra} has a flag that ${command}(8) does not know`
  const after = [...settings].at(-1)
  const isRest = after !== undefined && words.indexOf(extra) > 0 && /[,=]$/.test(words[words.indexOf(extra) - 1] ?? '')
  const hint = isRest ? `: -o { ${after[0]} = ${[after[1], ...rest].join(' ').trim()} } would be one` : ''
  return `${extra} is an argument of its own, and ${command}(8) takes none${hint}`
}

/** A blank at the = is what nearly all of them come from. */
function describeOptionFault(fault: string, words: readonly string[]): string {
  const at = words.findIndex((each, index) => each.startsWith('=') && /^[\w-]+$/.test(words[index - 1] ?? ''))
  if (at < 1 || !fault.includes("missing '='")) return fault
  const value = words[at] === '=' ? words[at + 1] : words[at]?.slice(1)
  return `${fault}: no blank may stand at the =, as in -o ${words[at - 1]}=${value ?? ''}`
}
