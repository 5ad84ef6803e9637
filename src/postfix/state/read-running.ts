/**
 * Which instances run, at one look at /proc/locks for all of them. `postfix status` takes 18 ms for each and writes a log
 * line; `master -t` takes the lock for a moment, and an instance that is started in that moment fails.
 * Source: master(8), "-t"; proc(5), "/proc/locks".
 */
import type {BigIntStats} from 'node:fs'
import {fileSystemOf, lookExactly, quietly, readTarget, tryText} from '../../files/read.ts'
import {orFailure} from '../../model/base/system-error.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {holdStopped} from './running.ts'

export interface Running {
  pid: number
  /** When master(8) wrote its pid file. */
  since: Date
}

interface KernelLock {
  pid: number
  /** Major and minor, as the kernel prints them. */
  device: string
}

/** By config_directory; null for those that are stopped. Throws a ToolFailure where nothing can be told. */
export function readRunning(
  instances: readonly Pick<Instance, 'config_directory' | 'queue_directory'>[],
): Map<string, Running | null> {
  let locks: Locks | undefined
  // The kernel can take 10 ms for it: not when no instance has ever been started.
  const readLocksOnce = (): Locks => (locks ??= {held: readLocks()})
  return new Map(instances.map((each) => [each.config_directory, readOne(each.queue_directory, readLocksOnce)]))
}

interface Locks {
  /** By inode; undefined where there is no /proc/locks. */
  held: ReadonlyMap<string, KernelLock[]> | undefined
}

function readOne(queue_directory: string, readLocksOnce: () => Locks): Running | null {
  const path = `${queue_directory}/pid/master.pid`
  const stats = orFailure(`stat ${path}`, () => lookExactly(path))
  if (stats === undefined) return null
  const since = new Date(Number(stats.mtimeMs))
  const pid = readPid(path)
  const {held: locks} = readLocksOnce()
  const held = (locks?.get(String(stats.ino)) ?? []).filter((each) => isMaster(each.pid))
  // Some file systems show another device in /proc/locks than in stat(2): then the pid must agree.
  const holder = held.find((each) => each.pid === pid || each.device === deviceOf(stats))
  if (holder !== undefined) return {pid: holder.pid, since}
  if (locks !== undefined && showsEveryLock(path)) return null
  // The lock alone proves nothing: a child that master(8) forked just before its end holds it for a second more.
  if (pid === undefined || !isMaster(pid)) return null
  const hold = holdStopped(queue_directory)
  hold.release()
  return hold.stopped ? null : {pid, since}
}

/** By inode; undefined where there is no /proc/locks. Processes that wait for a lock are not in it. */
function readLocks(): Map<string, KernelLock[]> | undefined {
  const text = tryText('/proc/locks')
  if (text === undefined) return undefined
  const locks = new Map<string, KernelLock[]>()
  for (const [, pid, device = '', inode = ''] of text.matchAll(
    /^\d+: FLOCK +ADVISORY +WRITE (\d+) ([0-9a-f]+:[0-9a-f]+):(\d+) /gm,
  )) {
    locks.set(inode, [...(locks.get(inode) ?? []), {pid: Number(pid), device}])
  }
  return locks
}

/** False for our own change, which holds the lock while it takes a stopped instance apart. */
function isMaster(pid: number): boolean {
  return tryText(`/proc/${pid}/comm`) === 'master\n'
}

const initialNamespace = 'pid:[4026531836]'
const networkFileSystems = new Set([0x6969, 0xff534d42, 0xfe534d42, 0x517b, 0x00c36400, 0x65735546])

/** The kernel hides the locks of processes in other PID namespaces; those of other hosts it does not know. */
function showsEveryLock(path: string): boolean {
  const shows = () =>
    readTarget('/proc/self/ns/pid') === initialNamespace && !networkFileSystems.has(fileSystemOf(path))
  return quietly(shows) ?? false
}

/** Undefined when the file is empty, or not ours to read. */
function readPid(path: string): number | undefined {
  const digits = /^ *(\d+)/.exec(tryText(path) ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** As /proc/locks prints it. Source: makedev(3). */
function deviceOf({dev}: BigIntStats): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn)
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n)
  return [major, minor].map((each) => each.toString(16).padStart(2, '0')).join(':')
}
