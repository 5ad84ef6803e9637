/**
 * The account and the limits under which an installed plugin is asked, so that the kernel holds it, whatever it does to
 * Node: an account that no other program has, another one for each question, without capabilities or a way to get any; it can
 * write no byte to a file and start no process. Users other than root have no account to give away: theirs is asked under their own.
 * Source: setpriv(1), prlimit(1), user_namespaces(7); systemd's "Users, Groups, UIDs and GIDs on systemd Systems" for ids
 * that no account has.
 */

import type {ChildProcess} from 'node:child_process'
import type {Duplex, Readable} from 'node:stream'
import {isRoot} from '../files/caller.ts'
import {readLink} from '../files/directory.ts'
import {withNothingOpen} from '../files/nothing-open.ts'
import {fileSystemOf, processIds, quietly, readText, statThrough} from '../files/read.ts'
import {explainError} from '../model/base/system-error.ts'

export interface Sandboxed extends ChildProcess {
  stdio: [null, Readable, Readable, Duplex, undefined]
}

interface Range {
  first: number
  last: number
}

/** Above what SSSD and FreeIPA give to accounts of a domain. The second is for containers, which have 65536 ids. */
const unassigned: Range[] = [
  {first: 0x78000000, last: 0x7ffdffff},
  {first: 60706, last: 61183},
]

const nodeOptions = [
  // What is compiled needs memory that is executable, which systemd may forbid.
  '--jitless',
  '--permission',
  '--allow-fs-read=*',
  '--disable-warning=SecurityWarning',
  '--disable-sigusr1',
  // Each only where this Node has it.
  ...['--allow-net', '--no-experimental-sqlite'].filter((each) =>
    process.allowedNodeEnvironmentFlags.has(each.replace('--no-', '--')),
  ),
]

/** It still is root's, to load what only root may read, until it is confined. */
export function startSandbox(program: string): Sandboxed {
  const words = ['--no-new-privs', '--inh-caps=-all', process.execPath, ...nodeOptions, program]
  const env = {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8'}
  const {spawn} = process.getBuiltinModule('node:child_process')
  // The last one is for what we say to each other: what it prints must not get among that.
  return withNothingOpen(['ignore', 'pipe', 'pipe', 'pipe'], (stdio) => {
    return spawn('/usr/bin/setpriv', words, {stdio, cwd: '/', env})
  }) as unknown as Sandboxed
}

/**
 * Once it has all the threads that it needs, and before it gives root up: later only CAP_SYS_RESOURCE may. Returns the id
 * of its account and group, which is none of these `others`; null for users other than root. Throws an Error that says
 * why it cannot be.
 */
export function confine({pid}: Sandboxed, others: readonly number[]): number | null {
  if (!isRoot()) return null
  const words = ['--pid', String(pid), '--nproc=0:0', '--fsize=0:0', '--core=0:0']
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {status, stderr, error} = spawnSync('/usr/bin/prlimit', words, {encoding: 'utf8', env: {LANG: 'C'}})
  if (status !== 0) throw new Error(`prlimit: ${error === undefined ? stderr.trim() : explainError(error)}`)
  const range = unassigned.find((each) => ['uid_map', 'gid_map'].every((map) => isMapped(map, each)))
  if (range === undefined) throw new Error('/proc/self/uid_map has no id that is free for certain')
  const taken = [...idsIn('/etc/passwd'), ...idsIn('/etc/group'), ...others]
  for (;;) {
    const id = range.first + Math.floor(Math.random() * (range.last - range.first + 1))
    if (!taken.includes(id)) return id
  }
}

/** The first directory on the way to `path` that others than root cannot go through; undefined when there is none. */
export function findClosed(path: string): string | undefined {
  const parts = path.split('/').slice(1)
  const onWay = parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`)
  return isRoot() ? onWay.find((each) => (statThrough(each).mode & 0o001) === 0) : undefined
}

/** A plugin must not read what the kernel says of us, such as our environment. Throws an Error for that. */
export function checkMayBeTold(path: string): void {
  if (quietly(() => fileSystemOf(path)) === procSuperMagic) throw new Error(`${path} is not a file of this host`)
}

/** Source: linux/magic.h. */
const procSuperMagic = 0x9fa0

/** What a question has left behind whose asker was killed. Returns the ids that processes have. */
export function endLeftovers(): number[] {
  if (!isRoot()) return []
  const found = quietly(findUnassigned) ?? []
  // A /proc of other processes has other numbers for them.
  if (quietly(() => readLink('/proc/self')) !== String(process.pid)) return found.map(({uid}) => uid)
  for (const {pid, parent} of found) {
    // One whose parent is gone belongs to init, or to what has taken over for it.
    const isAsked = parent === process.pid || (parent !== 1 && isNode(parent))
    if (!isAsked && isConfined(pid)) quietly(() => process.kill(pid, 'SIGKILL'))
  }
  return found.map(({uid}) => uid)
}

/** Unlike any other process that might have such an id. */
function isConfined(pid: number): boolean {
  const limits = quietly(() => readText(`/proc/${pid}/limits`, 'latin1')) ?? ''
  return ['Max file size', 'Max processes'].every((each) => new RegExp(`^${each} +0 +0 `, 'm').test(limits))
}

function isNode(pid: number): boolean {
  const program = quietly(() => readLink(`/proc/${pid}/exe`)) ?? ''
  return /\/node(?: \(deleted\))?$/.test(program)
}

function isMapped(map: string, {first, last}: Range): boolean {
  return linesInFile(`/proc/self/${map}`).some((line) => {
    const [inside = 0, , count = 0] = line.trim().split(/\s+/).map(Number)
    return inside <= first && last < inside + count
  })
}

function idsIn(file: string): number[] {
  return linesInFile(file).map((line) => Number(line.split(':')[2]))
}

/** Processes under ids that no account has. */
function findUnassigned(): {pid: number; parent: number; uid: number}[] {
  return processIds().flatMap((pid) => {
    const status = quietly(() => readText(`/proc/${pid}/status`, 'latin1')) ?? ''
    const [parent = 0, uid = 0] = [/^PPid:\s*(\d+)/m, /^Uid:\s*(\d+)/m].map((each) => Number(each.exec(status)?.[1]))
    return unassigned.some(({first, last}) => uid >= first && uid <= last) ? {pid, parent, uid} : []
  })
}

function linesInFile(file: string): string[] {
  return (quietly(() => readText(file, 'latin1')) ?? '').split('\n')
}
