/**
 * Who holds the lock: any process with a descriptor of it, also a program that a change has left behind. The lock file
 * names only the one that took it, and /proc/locks a process that is gone.
 * Source: proc(5), "/proc/PID/fdinfo", "/proc/PID/stat".
 */
import {readLink} from '../files/directory.ts'
import {namesIn, processIds, quietly, readText, realPath} from '../files/read.ts'

export interface Holder {
  /** For people: the process and what it does. */
  told: string
  /** Undefined where it cannot be seen from here. */
  pid: number | undefined
  /** By a signal: it will go on only when somebody tells it to. */
  isStopped: boolean
}

/** Undefined when no process does, as far as can be seen. */
export function findHolder(lock: string): Holder | undefined {
  const {noted, purpose} = readNote(lock)
  const real = realPath(lock)
  const pid = noted !== undefined && holds(noted, real) ? noted : findOther(real)
  if (pid === undefined) return undefined
  const told = `process ${pid} (${pid === noted ? purpose : processName(pid)})`
  const isStopped = stateOf(pid) === 'T' || stateOf(pid) === 't'
  const whose = pid === noted || noted === undefined ? '' : `, which process ${noted} (${purpose}) has left behind`
  return {told: told + whose, pid, isStopped}
}

/** For a message to those who wait. */
export function describeHolder(lock: string): string {
  const holder = findHolder(lock)
  if (holder?.isStopped) return `${holder.told}, which is stopped: kill -CONT ${holder.pid} lets it go on`
  if (holder !== undefined) return holder.told
  const {noted, purpose} = readNote(lock)
  return noted === undefined ? 'another change' : `process ${noted} (${purpose})`
}

/** The same of a lock that is not ours, whose file does not name the holder. */
export function describeOther(lock: string): string {
  const pid = findOther(realPath(lock))
  return pid === undefined ? 'somebody' : `process ${pid} (${processName(pid)})`
}

/** Not the one that took it. */
function findOther(lock: string): number | undefined {
  return quietly(processIds)?.find((each) => each !== process.pid && holds(each, lock))
}

function holds(pid: number, lock: string): boolean {
  return namesIn(`/proc/${pid}/fd`).some((descriptor) => {
    if (quietly(() => readLink(`/proc/${pid}/fd/${descriptor}`)) !== lock) return false
    return /^lock:.*\bFLOCK\b/m.test(quietly(() => readText(`/proc/${pid}/fdinfo/${descriptor}`)) ?? '')
  })
}

/** What the one that took it has written there. */
function readNote(lock: string): {noted: number | undefined; purpose: string} {
  const note = quietly(() => readText(lock, 'utf8', 64 * 1024)) ?? ''
  const [pid = '', ...purpose] = note.trim().split(' ')
  return /^\d+$/.test(pid) ? {noted: Number(pid), purpose: purpose.join(' ')} : {noted: undefined, purpose: ''}
}

function processName(pid: number): string {
  return quietly(() => readText(`/proc/${pid}/comm`).trim()) ?? 'it has just ended'
}

/** The word behind the name, which may have blanks and brackets in it. */
function stateOf(pid: number): string {
  const text = quietly(() => readText(`/proc/${pid}/stat`, 'latin1')) ?? ''
  return text.slice(text.lastIndexOf(')') + 2)[0] ?? ''
}
