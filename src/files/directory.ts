/**
 * Directories that are walked to, one component after the other. Down to the first foreign one (its owner is not root,
 * or group or others may write it) root's own links are followed and names are as good as descriptors, because no one
 * else can change them. Below it each directory is opened in the one before, as openat(2) with O_PATH and O_NOFOLLOW,
 * and what is in it is reached through /proc/self/fd: its owner may rename it meanwhile, and gains nothing.
 */
import {
  type BigIntStats,
  closeSync,
  constants,
  type Dirent,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs'
import {errorCode, explainError} from '../model/base/system-error.ts'
import {fromBytes, toBytes} from '../model/base/text.ts'

/** node:fs has no name for it. Source: asm-generic/fcntl.h, the same on amd64 and arm64. */
export const O_PATH = 0o10000000
const onlyDirectory = O_PATH | constants.O_NOFOLLOW | constants.O_DIRECTORY

/** As the kernel has it: how many links one name may lead through. */
export const mostLinks = 40

export class Directory {
  /** Where it is, without links down to the first foreign directory. */
  readonly path: string
  /** It, or one above it, is not root's alone. */
  readonly foreign: boolean
  readonly #descriptor: number | undefined

  constructor(path: string, descriptor?: number) {
    this.path = path
    this.foreign = descriptor !== undefined
    this.#descriptor = descriptor
  }

  /** What leads to something in it, for any system call. `name` is one component. */
  at(name: string): string | Buffer {
    return rawPath(`${this.#base()}/${name}`)
  }

  /** What leads to the directory itself. */
  itself(): string | Buffer {
    return rawPath(this.#base() || '/')
  }

  /** Where something in it is, for people. */
  pathOf(name: string): string {
    return `${this.path === '/' ? '' : this.path}/${name}`
  }

  /** A directory in it, which is never a link. Throws what open(2) would. */
  enter(name: string): Directory {
    const path = this.pathOf(name)
    if (name === '..') throw systemError('ELINKED', path)
    return this.foreign
      ? told(path, () => Directory.open(path, this.at(name)))
      : this.enterOwn(name, lstatSync(rawPath(path)))
  }

  /** One of root's, of which `stats` have just been read. */
  enterOwn(name: string, stats: Stats): Directory {
    const path = this.pathOf(name)
    if (!stats.isDirectory()) throw systemError(stats.isSymbolicLink() ? 'ELINKED' : 'ENOTDIR', path)
    return isForeign(stats) ? Directory.open(path, rawPath(path)) : new Directory(path)
  }

  static open(path: string, at: string | Buffer): Directory {
    try {
      return new Directory(path, openSync(at, onlyDirectory))
    } catch (error) {
      if (errorCode(error) === 'ENOENT' && !existsSync('/proc/self/fd')) throw systemError('ENOPROC', path)
      if (errorCode(error) !== 'ENOTDIR') throw error
      throw systemError(lstatSync(at).isSymbolicLink() ? 'ELINKED' : 'ENOTDIR', path)
    }
  }

  /** Device, inode and owner of the directory itself. */
  stats(): BigIntStats {
    return this.#descriptor === undefined
      ? lstatSync(this.itself(), {bigint: true})
      : fstatSync(this.#descriptor, {bigint: true})
  }

  /** Which mount it lies on; a bind mount has one of its own. Source: proc(5), fdinfo. */
  mount(): string {
    const descriptor = this.#descriptor ?? openSync(this.itself(), onlyDirectory)
    try {
      return /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1] ?? ''
    } finally {
      if (descriptor !== this.#descriptor) closeSync(descriptor)
    }
  }

  entries(): Dirent[] {
    const entries = told(this.path, () => readdirSync(this.itself(), {withFileTypes: true}))
    if (!entries.some(({name}) => name.includes('\ufffd'))) return entries
    // Names that are not UTF-8 would not be found again.
    const bytes = readdirSync(this.itself(), {withFileTypes: true, encoding: 'buffer'})
    return bytes.map((each) => Object.assign(each, {name: fromBytes(each.name)}) as unknown as Dirent)
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
  }

  #base(): string {
    if (this.#descriptor !== undefined) return `/proc/self/fd/${this.#descriptor}`
    return this.path === '/' ? '' : this.path
  }
}

/** Others than root can change what is in it. */
export function isForeign({uid, mode}: {uid: bigint | number; mode: bigint | number}): boolean {
  return Number(uid) !== 0 || (Number(mode) & 0o022) !== 0
}

/** Walks to a directory. Throws what opendir(3) would, and ELINKED for a link below a foreign one. */
export function openDirectory(path: string): Directory {
  return told(path, () => findDirectory(absolute(path)))
}

/** Walks to the directory that `path` is in, and closes it when `act` is done with it. */
export function within<Result>(path: string, act: (directory: Directory, name: string) => Result): Result {
  const plain = absolute(path).replace(/\/+$/, '')
  const name = plain.slice(plain.lastIndexOf('/') + 1)
  const directory = told(path, () => findDirectory(plain.slice(0, plain.length - name.length - 1)))
  try {
    return told(path, () => act(directory, name))
  } finally {
    directory.close()
  }
}

/** A directory that is foreign by itself, wherever it lies. */
export interface Foreign {
  path: string
  uid: number
  mode: number
}

/**
 * Those on the way to `path`, also where root's links lead, outermost first and itself included, as far as there is
 * something. Where a link below one of them leads to is its owner's affair.
 */
export function foreignOnWay(path: string): Foreign[] {
  const found = new Map<string, Foreign>()
  const names = componentsOf(absolute(path))
  let links = 0
  let directory = root()
  const go = (next: Directory): void => {
    directory.close()
    directory = next
  }
  try {
    for (;;) {
      const {path: at, foreign} = directory
      const {uid, mode} = foreign ? directory.stats() : {uid: 0, mode: 0}
      if (isForeign({uid, mode})) found.set(at, {path: at, uid: Number(uid), mode: Number(mode)})
      const name = names.shift()
      if (name === undefined || at === '/proc') return [...found.values()]
      if (name === '..') {
        names.unshift(...componentsOf(at).slice(0, -1))
        go(root())
        continue
      }
      const stats = lstatSync(directory.at(name), {throwIfNoEntry: false})
      if (stats?.isSymbolicLink() && !foreign) {
        if (links++ === mostLinks) throw systemError('ELOOP', path)
        names.unshift(...componentsOf(against(directory, readLink(directory.at(name)))))
        go(root())
      } else if (stats?.isDirectory()) go(directory.enter(name))
      else return [...found.values()]
    }
  } finally {
    directory.close()
  }
}

function componentsOf(path: string): string[] {
  return path.split('/').filter((each) => each !== '' && each !== '.')
}

/** Where root's links lead to. The last component need not be there; below a foreign directory it may not be a link. */
export function realPath(path: string): string {
  for (let links = 0, now = path; /[^/]/.test(now); links++) {
    // No names of what is there.
    if (/(?:^|\/)\.\.?\/*$/.test(now)) return within(`${now}/x`, (directory) => directory.path)
    const next = within(now, (directory, name) => {
      const target = linkIn(directory, name)
      return target === undefined ? {real: directory.pathOf(name)} : {target}
    })
    if (next.real !== undefined) return next.real
    if (links === mostLinks) throw systemError('ELOOP', path)
    now = next.target
  }
  return '/'
}

/** Where a link in a directory leads to, from the root; undefined when it is none. Throws ELINKED below a foreign one. */
export function linkIn(directory: Directory, name: string): string | undefined {
  if (!lstatSync(directory.at(name), {throwIfNoEntry: false})?.isSymbolicLink()) return undefined
  if (directory.foreign) throw systemError('ELINKED', directory.pathOf(name))
  return against(directory, readLink(directory.at(name)))
}

/** The target of a link as text. */
export function readLink(at: string | Buffer): string {
  return fromBytes(readlinkSync(at, 'buffer'))
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${process.cwd()}/${path}`
}

function against({path}: Directory, target: string): string {
  return target.startsWith('/') ? target : `${path}/${target}`
}

/**
 * Directories that were root's alone a moment ago: hundreds of instances lie in the same one. For no longer than that,
 * because root may give one away.
 */
const trusted = new Map<string, {directory: Directory; until: number}>()
/** In seconds. */
const moment = 0.1
/** Those above the instances, and the one in hand: more would only keep the garbage collector busy. */
const mostTrusted = 32

/** Its own parents are found in the same way. `links` is how many led here. */
function findDirectory(path: string, links = 0): Directory {
  const known = trusted.get(path)
  // Unlike performance.now() it loads nothing, and unlike Date.now() it never goes back.
  const now = process.uptime()
  if (known !== undefined && now < known.until) return known.directory
  const directory = path === '' ? root() : arrive(path, links)
  if (!directory.foreign) {
    if (trusted.size === mostTrusted) trusted.clear()
    trusted.set(path, {directory, until: now + moment})
  }
  return directory
}

function root(): Directory {
  return isForeign(lstatSync('/')) ? Directory.open('/', '/') : new Directory('/')
}

function arrive(path: string, links: number): Directory {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const parent = findDirectory(path.slice(0, path.length - name.length - 1), links)
  if (name === '' || name === '.') return parent
  try {
    // What is below it is the kernel's, whatever its owner.
    if (parent.path === '/proc' || parent.path.startsWith('/proc/')) return new Directory(parent.pathOf(name))
    // Its path has no links, so what is above it is found anew from the top.
    if (name === '..') return findDirectory(parent.path.slice(0, parent.path.lastIndexOf('/')), links)
    if (parent.foreign) return parent.enter(name)
    const stats = lstatSync(parent.at(name))
    if (!stats.isSymbolicLink()) return parent.enterOwn(name, stats)
    if (links === mostLinks) throw systemError('ELOOP', path)
    return findDirectory(against(parent, readLink(parent.at(name))), links + 1)
  } finally {
    parent.close()
  }
}

/** After a change of the host, look anew. */
export function forgetTrusted(): void {
  trusted.clear()
}

/** Bytes where the text is not the same in every encoding. */
function rawPath(path: string): string | Buffer {
  return path.isWellFormed() ? path : toBytes(path)
}

/** A failure of the system, or what is as good as one, said of the path that was asked for. */
export function systemError(code: string, path: string, syscall = 'open'): Error {
  const error = Object.assign(new Error(), {code, syscall, path})
  error.message = `${code}: ${explainError(error)}, ${syscall} '${path}'`
  return error
}

/** /proc/self/fd/7 tells a reader nothing; and of what is missing on the way the kernel tells the whole path. */
export function told<Result>(path: string, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    if (error instanceof Error && 'path' in error) {
      const said = String(error.path)
      const isOurs = said.startsWith('/proc/self/fd/')
      if (isOurs || ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) {
        Object.assign(error, {path, message: error.message.replace(`'${said}'`, `'${path}'`)})
      }
    }
    throw error
  }
}
