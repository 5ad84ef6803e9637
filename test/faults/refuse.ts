/**
 * Goes before the program under test in its own process (node --require). It counts the system calls that our own code
 * brings about, and lets one of them fail as the kernel would: below node:fs and node:child_process, where Node hands
 * them on, so that all that Node makes of a failure is Node's own.
 */
import fs from 'node:fs'
import os from 'node:os'
import {getSystemErrorMap} from 'node:util'
import {type Order, orderVariable, type Point} from './order.ts'

type Call = (this: unknown, ...words: unknown[]) => unknown
type Binding = Record<string, Call>
type Refuse = (error: string) => unknown

const order: Order = JSON.parse(process.env[orderVariable] ?? '{}')
delete process.env[orderVariable]
const binding = (process as unknown as {binding(name: string): Binding}).binding
const files = binding('fs')
const points: Point[] = []
const met = new Map<string, number>()
/** What loads the program is not ours. */
let begun = false
let busy = false

/** Of a function, the system call as Node names it, and which of its words name something. */
const calls: Record<string, [call: string, ...at: number[]]> = {
  access: ['access', 0],
  chmod: ['chmod', 0],
  chown: ['chown', 0],
  close: ['close', 0],
  existsSync: ['access', 0],
  fchmod: ['fchmod', 0],
  fchown: ['fchown', 0],
  fdatasync: ['fdatasync', 0],
  fstat: ['fstat', 0],
  fsync: ['fsync', 0],
  ftruncate: ['ftruncate', 0],
  futimes: ['futime', 0],
  internalModuleStat: ['stat', 0],
  lchown: ['lchown', 0],
  link: ['link', 0, 1],
  lstat: ['lstat', 0],
  mkdir: ['mkdir', 0],
  mkdtemp: ['mkdtemp', 0],
  open: ['open', 0],
  openFileHandle: ['open', 0],
  read: ['read', 0],
  readBuffers: ['read', 0],
  readFileUtf8: ['open', 0],
  readdir: ['scandir', 0],
  readlink: ['readlink', 0],
  realpath: ['realpath', 0],
  rename: ['rename', 0, 1],
  rmSync: ['rm', 0],
  rmdir: ['rmdir', 0],
  stat: ['stat', 0],
  statfs: ['statfs', 0],
  symlink: ['symlink', 0, 1],
  unlink: ['unlink', 0],
  utimes: ['utime', 0],
  writeBuffer: ['write', 0],
  writeBuffers: ['write', 0],
  writeFileUtf8: ['create', 0],
  writeString: ['write', 0],
}

for (const [name, [call, ...at]] of Object.entries(calls)) {
  wrap(files, name, (words, act) => {
    const named = at.map((each) => words[each])
    const isNew =
      name.startsWith('open') && ((words[1] as number) & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0
    return meet(isNew ? 'create' : call, named, act, (error) => {
      // The descriptor is gone whatever close(2) says.
      if (call === 'close') act()
      // A disk that gets full takes half of it first.
      if (name === 'writeBuffer' && error === 'ENOSPC') files.writeBuffer!(...words.with(3, Number(words[3]) >> 1))
      if (name === 'existsSync') return false
      if (name === 'internalModuleStat') return errno(error)
      return fail(words, failure(error, call, named))
    })
  })
}
// A start that fails is a real one, of which only the reason is another: its pipes are there, but where there are too
// many already.
const nowhere = '/nowhere'
const run = binding('spawn_sync')
wrap(run, 'spawn', ([options], act) => {
  const {file} = options as {file: string}
  const start = (): object => run.spawn!({...(options as object), file: nowhere}) as object
  return meet('spawn', [file], act, (error) => ({...start(), error: errno(error)}))
})
const {Process} = binding('process_wrap') as unknown as {Process: {prototype: Binding}}
const {spawn} = Process.prototype
wrap(Process.prototype, 'spawn', function (this: unknown, [file, ...words], act) {
  return meet('spawn', [file], act, (error) => {
    if (error !== 'EMFILE') spawn!.call(this, nowhere, ...words)
    return errno(error)
  })
})
wrap(os as unknown as Binding, 'networkInterfaces', (_, act) =>
  meet('getifaddrs', [], act, (error) => {
    const syscall = 'uv_interface_addresses'
    const message = `A system error occurred: ${syscall} returned ${error}`
    const info = {errno: errno(error), code: error, message: textOf(error), syscall}
    throw Object.assign(new Error(message), {name: 'SystemError', code: 'ERR_SYSTEM_ERROR', info, syscall})
  }),
)
wrap(process as unknown as Binding, 'cwd', (_, act) =>
  meet('getcwd', [], act, (error) => {
    throw failure(error, 'uv_cwd', [])
  }),
)
// Where both entries begin.
wrap(process as unknown as Binding, 'umask', (_, act) => {
  begun = true
  return act()
})
if (order.list !== undefined) {
  process.on('exit', () => {
    begun = false
    fs.writeFileSync(order.list!, points.map((each) => `${JSON.stringify(each)}\n`).join(''))
  })
}

function wrap(
  module: Binding,
  name: string,
  instead: (this: unknown, words: unknown[], act: () => unknown) => unknown,
): void {
  const call = module[name]!
  module[name] = function (...words) {
    return busy ? call.apply(this, words) : instead.call(this, words, () => call.apply(this, words))
  }
}

/** Does it, or refuses it. */
function meet(call: string, named: unknown[], act: () => unknown, refuse: Refuse): unknown {
  if (!begun) return act()
  const {fail, hit} = order
  const error = quietly(() => {
    const path = named.map(normalise).join(' -> ')
    const key = `${call} ${path}`
    const nth = (met.get(key) ?? 0) + 1
    met.set(key, nth)
    points.push({call, path, nth})
    if (
      fail === undefined ||
      fail.call !== call ||
      fail.path !== path ||
      (fail.lasts ? nth < fail.nth : nth !== fail.nth)
    )
      return undefined
    if (hit !== undefined) fs.writeFileSync(hit, '')
    return fail.error
  })
  if (error !== 'SIGKILL') return error === undefined ? act() : quietly(() => refuse(error))
  act()
  return process.kill(process.pid, 'SIGKILL')
}

function quietly<Result>(act: () => Result): Result {
  busy = true
  try {
    return act()
  } finally {
    busy = false
  }
}

/** Through descriptors, which are held by number, to the name that they have; and without what chance gave it. */
function normalise(named: unknown): string {
  const path = typeof named === 'number' ? `/proc/self/fd/${named}` : String(named)
  const [, descriptor, rest = ''] = /^\/proc\/self\/fd\/(\d+)(\/.*)?$/s.exec(path) ?? []
  return (descriptor === undefined ? path : nameOf(Number(descriptor)) + rest)
    .replace(/\.postmulti-[0-9a-f]{16}/g, '.postmulti-*')
    .replace(/^\/proc\/\d+/, '/proc/*')
    .replace(/\d+\]$/, '*]')
    .replace(/(?<=fdinfo\/)\d+/, '*')
}

function nameOf(descriptor: number): string {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`).replace(/ \(deleted\)$/, '')
  } catch {
    return 'closed'
  }
}

/** By the way on which Node wants to hear of it: of a request, of a promise, or at once. */
function fail(words: unknown[], error: Error): unknown {
  const request = words.find((each) => each instanceof (files.FSReqCallback as unknown as new () => object))
  if (request !== undefined)
    return void setImmediate(() => (request as {oncomplete(error: Error): void}).oncomplete(error))
  if (words.some((each) => typeof each === 'symbol')) return Promise.reject(error)
  throw error
}

function failure(code: string, syscall: string, [path, dest]: unknown[]): Error {
  const places = [path, dest].filter((each) => each !== undefined && typeof each !== 'number').map(String)
  const quoted = places.map((each) => `'${each}'`).join(' -> ')
  const message = `${code}: ${textOf(code)}, ${syscall}${quoted === '' ? '' : ` ${quoted}`}`
  const [at, to] = places
  const named = {...(at === undefined ? {} : {path: at}), ...(to === undefined ? {} : {dest: to})}
  return Object.assign(new Error(message), {errno: errno(code), code, syscall, ...named})
}

function textOf(code: string): string {
  return getSystemErrorMap().get(errno(code))?.[1] ?? ''
}

function errno(code: string): number {
  return -os.constants.errno[code as keyof typeof os.constants.errno]
}
