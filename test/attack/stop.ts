/**
 * Goes before the program under test in its own process (node --require). It counts the calls that name something
 * which an attacker may replace, and stops one of them: there it replaces that thing, as he would, and lets the call go on.
 * This stands for an attacker who always wins the race.
 */
import childProcess from 'node:child_process'
import fs from 'node:fs'
import {dirname} from 'node:path'
import {canaryFor, listCanaries, mirror} from './canary.ts'
import {type Order, orderVariable, type Point, type Target, type Way} from './order.ts'

const order: Order = JSON.parse(process.env[orderVariable] ?? '{"attackers": []}')
delete process.env[orderVariable]
const original = {...fs}
let points = 0
let changes = 0
let busy = false

type Call = (...words: unknown[]) => unknown
type Named = (words: unknown[]) => unknown[]

const first: Named = ([path]) => [path]
const second: Named = ([, path]) => [path]
const both: Named = ([from, to]) => [from, to]

const changing: Record<string, Named> = {
  appendFileSync: first,
  chmodSync: first,
  chownSync: first,
  copyFileSync: both,
  cpSync: both,
  fchmodSync: first,
  fchownSync: first,
  ftruncateSync: first,
  futimesSync: first,
  lchownSync: first,
  linkSync: both,
  lutimesSync: first,
  mkdirSync: first,
  mkdtempSync: first,
  renameSync: both,
  rmSync: first,
  rmdirSync: first,
  symlinkSync: second,
  truncateSync: first,
  unlinkSync: first,
  utimesSync: first,
  writeFileSync: first,
  writeSync: first,
}
const reading: Record<string, Named> = {openSync: first, opendirSync: first, readFileSync: first, readdirSync: first}

for (const [name, named] of Object.entries({...changing, ...reading})) wrap(fs, name, named, name in changing)
// Of their words any may be a path, or a table: TYPE:PATH, of which PATH.db is made.
const words: Named = ([program, list, options]) => [
  program,
  ...(Array.isArray(list) ? list.map(String).flatMap(pathsIn) : []),
  (options as {cwd?: unknown} | undefined)?.cwd,
]
for (const name of ['spawnSync', 'execFileSync', 'spawn', 'execFile']) wrap(childProcess, name, words, true)

function pathsIn(word: string): string[] {
  const [, table] = /^\w+:(\/.*)/.exec(word) ?? []
  return table === undefined ? [word] : [table, `${table}.db`]
}

function wrap(module: object, name: string, named: Named, isChange: boolean): void {
  const calls = module as Record<string, Call>
  const call = calls[name]!
  calls[name] = (...given) => {
    if (busy) return call(...given)
    busy = true
    let after: (() => void) | undefined
    try {
      after = stopAt(name, isChange || (name === 'openSync' && writes(given[1])), named(given))
    } finally {
      busy = false
    }
    try {
      return call(...given)
    } finally {
      busy = true
      after?.()
      busy = false
    }
  }
}

function writes(flags: unknown): boolean {
  if (typeof flags === 'string') return flags !== 'r' && flags !== 'rs'
  const {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC} = fs.constants
  return typeof flags === 'number' && (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) !== 0
}

function stopAt(call: string, isChange: boolean, named: unknown[]): (() => void) | undefined {
  if (isChange && ++changes === order.kill) process.kill(process.pid, 'SIGKILL')
  const targets = named.flatMap((each, argument) => findTargets(each).map((target) => ({...target, argument})))
  if (targets.length === 0) return undefined
  points++
  const point: Point = {call, changes: isChange, change: changes, targets}
  if (order.list !== undefined) original.appendFileSync(order.list, `${JSON.stringify(point)}\n`)
  const {swap} = order
  if (swap?.point !== points) return undefined
  const target = targets.find(({argument, depth}) => argument === swap.argument && depth === swap.depth)
  if (target === undefined) return undefined
  const back = replace(target, swap.way, call.startsWith('mkdir'))
  if (order.expected !== undefined) {
    original.writeFileSync(
      order.expected,
      JSON.stringify({at: {...point, targets: [target]}, canaries: listCanaries()}),
    )
  }
  return swap.back ? back : undefined
}

/** Whatever on the way to a path stands in a directory of an attacker's. */
function findTargets(named: unknown): Omit<Target, 'argument'>[] {
  const path = typeof named === 'number' ? `/proc/self/fd/${named}` : Buffer.isBuffer(named) ? named.toString() : named
  if (typeof path !== 'string' || path === '') return []
  const components = absolute(path).split('/').filter(Boolean)
  const targets: Omit<Target, 'argument'>[] = []
  let directory = ''
  for (const [at, component] of components.entries()) {
    const entry = `${directory}/${component}`
    const parent = look(directory || '/')
    if (!parent?.isDirectory()) break
    const found = look(entry)
    const is =
      found === undefined
        ? 'absent'
        : found.isDirectory()
          ? 'directory'
          : found.isFile()
            ? 'file'
            : found.isSymbolicLink()
              ? 'link'
              : 'other'
    if (mayReplace(parent, found)) targets.push({path: entry, depth: at, is})
    directory = is === 'link' ? realPath(entry) : entry
  }
  return targets
}

/** Through descriptors, which are held by number, to the name that they have at this moment. */
function absolute(path: string): string {
  const [, descriptor, rest = ''] = /^\/(?:proc|dev)\/(?:self\/)?fd\/(\d+)(\/.*)?$/.exec(path) ?? []
  if (descriptor === undefined) return path.startsWith('/') ? path : `${process.cwd()}/${path}`
  try {
    return original.readlinkSync(`/proc/self/fd/${descriptor}`).replace(/ \(deleted\)$/, '') + rest
  } catch {
    return '/'
  }
}

function mayReplace(parent: fs.Stats, found: fs.Stats | undefined): boolean {
  return order.attackers.some(({uid, gid}) => {
    const owns = parent.uid === uid
    const group = parent.gid === gid && (parent.mode & 0o020) !== 0
    if (!owns && !group && (parent.mode & 0o002) === 0) return false
    return owns || (parent.mode & 0o1000) === 0 || found === undefined || found.uid === uid
  })
}

/** The function that it returns makes it as before. */
function replace({path, is}: Target, way: Way, asDirectory: boolean): () => void {
  const canary = canaryFor(path)
  const aside = `${path}.aside`
  const prey = way === 'link' && is === 'directory' ? mirror(path) : asDirectory ? canary : `${canary}/shadow`
  if (is !== 'absent') original.renameSync(path, aside)
  if (way === 'link') original.symlinkSync(prey, path)
  else if (way === 'hard link') original.linkSync(`${canary}/shadow`, path)
  else if (way === 'fifo') childProcess.execFileSync('/usr/bin/mkfifo', [path])
  else {
    original.mkdirSync(path)
    // The same names again, each of them one of root's files.
    const names = is === 'directory' ? original.readdirSync(aside) : []
    for (const name of names) original.linkSync(`${canary}/shadow`, `${path}/${name}`)
  }
  const parent = original.lstatSync(dirname(path))
  const attacker = order.attackers.find(({uid}) => uid === parent.uid) ?? order.attackers[0]!
  if (way !== 'hard link') original.lchownSync(path, attacker.uid, attacker.gid)
  const {ino} = original.lstatSync(path)
  return () => {
    // The call may have put something else there.
    if (look(path)?.ino === ino) original.renameSync(path, `${path}.later`)
    if (look(path) === undefined && look(aside) !== undefined) original.renameSync(aside, path)
  }
}

function look(path: string): fs.Stats | undefined {
  try {
    return original.lstatSync(path)
  } catch {
    return undefined
  }
}

function realPath(path: string): string {
  try {
    return original.realpathSync(path)
  } catch {
    return path
  }
}
