/**
 * Whose code it is: root runs only what root alone can change or replace.
 * Source: path_resolution(7); inode(7), "The sticky bit".
 */

import type {Stats} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {isRoot} from '../files/caller.ts'
import {mostLinks} from '../files/directory.ts'
import {lstat, readEntries, readTarget, readText, realPath} from '../files/read.ts'
import {Refusal} from '../model/base/errors.ts'
import type {Suggestion} from '../model/base/suggestion.ts'
import {errorCode, explainError} from '../model/base/system-error.ts'
import {octal} from '../model/base/text.ts'

export interface Untrusted {
  path: string
  /** A name, or a number where there is none; empty when the path cannot be looked at. */
  owner: string
  /** Octal; empty like `owner`. */
  mode: string
  /** What is wrong with it, with the path, owner and mode in it. */
  why: string
  /** Commands that mend it; empty where no command does. */
  remedy: readonly Suggestion[]
}

/**
 * The first thing at `path`, above it or below it that root must not trust; undefined when there is none. Symbolic links
 * at or below it must stay within the directory `within`.
 */
export function findUntrusted(path: string, within: string): Untrusted | undefined {
  return orUntrusted(path, () => {
    // Not the real path of the directory itself: a link in its place leads out of it.
    const [real, top] = [path, within].map((each) => {
      const above = resolveTrusted(dirname(resolve(each)))
      return typeof above === 'string' ? join(above, basename(each)) : above
    })
    if (typeof real !== 'string') return real
    return typeof top === 'string' ? findBelow(real, {top: real, within: top}) : top
  })
}

/** The same above `path` and of what is there, also where links lead to it; but not of what is below. */
export function findUntrustedOnWay(path: string): Untrusted | undefined {
  return orUntrusted(path, () => {
    const found = resolveTrusted(resolve(path))
    return typeof found === 'string' ? undefined : found
  })
}

/** For root: others who can write there could make root take back what has never been. */
export function checkRootsOwn(path: string): void {
  const untrusted = findUntrustedOnWay(path)
  if (!isRoot() || untrusted === undefined || untrusted.owner === '') return
  throw new Refusal(untrusted.why, {suggestions: untrusted.remedy})
}

/** What cannot be looked at cannot be trusted. */
function orUntrusted(path: string, find: () => Untrusted | undefined): Untrusted | undefined {
  try {
    return find()
  } catch (error) {
    const {path: failed = path} = error as NodeJS.ErrnoException
    return {path: failed, owner: '', mode: '', why: `${failed}: ${explainError(error)}`, remedy: []}
  }
}

/** Where it leads. Anyone who can write a directory on the way decides that; also that of a link on it. */
function resolveTrusted(path: string): string | Untrusted {
  const parts = path.split('/').filter(Boolean)
  let [at, links] = ['/', 0]
  for (;;) {
    const stats = lstat(at)
    if (stats.isSymbolicLink()) {
      if (stats.uid !== 0) return belongsToOther(at, stats, ['chown', '-h', 'root:root', at])
      if (++links > mostLinks) throw Object.assign(new Error(), {code: 'ELOOP', path: at})
      parts.unshift(...resolve(dirname(at), readTarget(at)).split('/').filter(Boolean))
      at = '/'
    } else {
      if (stats.uid !== 0) return belongsToOther(at, stats, ['chown', 'root:root', at])
      // Where the sticky bit is set others cannot touch what is root's, and what comes next on the way has to be.
      const isSticky = (stats.mode & 0o1000) !== 0
      if ((stats.mode & 0o022) !== 0 && !isSticky) return writableByOthers(at, stats, ['chmod', 'go-w', at])
    }
    const next = parts.shift()
    if (next === undefined) return at
    at = join(at, next)
  }
}

function findBelow(path: string, {top, within}: {top: string; within: string}): Untrusted | undefined {
  const stats = lstat(path)
  if (stats.uid !== 0) return belongsToOther(path, stats, ['chown', '-R', 'root:root', top])
  if (stats.isSymbolicLink()) {
    const target = whereItLeads(path)
    if (target === within || target.startsWith(`${within}/`)) return undefined
    return {path, ...describeOwner(stats), why: `${path} is a symbolic link that leads out, to ${target}`, remedy: []}
  }
  if ((stats.mode & 0o022) !== 0) return writableByOthers(path, stats, ['chmod', '-R', 'go-w', top])
  if (stats.isDirectory()) {
    for (const {name} of readEntries(path)) {
      const found = findBelow(`${path}/${name}`, {top, within})
      if (found !== undefined) return found
    }
  } else if (!stats.isFile()) {
    return {path, ...describeOwner(stats), why: `${path} is neither a file nor a directory`, remedy: [['rm', path]]}
  }
  return undefined
}

/** Also of a link that leads to nothing yet. */
function whereItLeads(link: string): string {
  try {
    return realPath(link)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return resolve(dirname(link), readTarget(link))
  }
}

function belongsToOther(path: string, stats: Stats, remedy: Suggestion): Untrusted {
  const {owner, mode} = describeOwner(stats)
  return {path, owner, mode, why: `${path} belongs to ${owner} (mode ${mode}), not to root`, remedy: [remedy]}
}

function writableByOthers(path: string, stats: Stats, remedy: Suggestion): Untrusted {
  const {owner, mode} = describeOwner(stats)
  const who = (stats.mode & 0o002) !== 0 ? 'anybody' : `the group ${accountName('group', stats.gid)}`
  return {path, owner, mode, why: `${path} can be written by ${who} (owner ${owner}, mode ${mode})`, remedy: [remedy]}
}

function describeOwner({uid, mode}: Stats): {owner: string; mode: string} {
  return {owner: accountName('passwd', uid), mode: octal(mode & 0o7777)}
}

function accountName(database: 'passwd' | 'group', id: number): string {
  try {
    const accounts = readText(`/etc/${database}`, 'latin1').split('\n')
    return accounts.find((each) => each.split(':')[2] === String(id))?.split(':')[0] ?? String(id)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return String(id)
  }
}
