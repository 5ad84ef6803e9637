/**
 * What an attacker would like to reach: files of root beside the directories that are his, on the same file systems, so
 * that he could also make hard links to them. Nothing of it may change, and nobody else may come to hold its bytes.
 */
import {chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs'

export const secret = 'S3cret-of-root-that-nobody-else-may-hold'

/** One on each file system of the throw-away host. */
const tops = ['/etc', '/var/lib', '/var/spool', '/var/cache', '/tmp']

/** An entry of `listCanaries` for each path; equal when nothing was touched. */
export type Listing = Record<string, string>

/** The one that can be reached by a hard link from this path. */
export function canaryFor(path: string): string {
  const top = tops.find((each) => path.startsWith(`${each}/`)) ?? '/etc'
  return `${top}/canary`
}

export function makeCanaries(): void {
  for (const top of tops) {
    const root = `${top}/canary`
    rmSync(root, {recursive: true, force: true})
    mkdirSync(root)
    mkdirSync(`${root}/private`)
    for (const each of ['shadow', 'private/key']) makeFile(`${root}/${each}`)
    makeFile(`${root}/su`)
    chmodSync(`${root}/su`, 0o4755)
    settle(root)
  }
}

/** A directory of root's in which everything is called as in a directory of the attacker's. */
export function mirror(directory: string): string {
  const copy = `${canaryFor(directory)}/mirror`
  mirrorInto(directory, copy)
  settle(copy)
  settle(canaryFor(directory))
  return copy
}

function mirrorInto(directory: string, copy: string): void {
  mkdirSync(copy, {mode: 0o755})
  for (const entry of readdirSync(directory, {withFileTypes: true})) {
    if (entry.isDirectory()) mirrorInto(`${directory}/${entry.name}`, `${copy}/${entry.name}`)
    else makeFile(`${copy}/${entry.name}`)
  }
}

/** Type, owner, mode, time, and whether it has its bytes; not the number of links, nor the time of the last change of the inode. */
export function listCanaries(): Listing {
  const listing: Listing = {}
  for (const top of tops) list(`${top}/canary`)
  return listing

  function list(path: string): void {
    const {mode, uid, gid, mtimeMs} = lstatSync(path)
    const isDirectory = (mode & 0o170000) === 0o040000
    const isFile = (mode & 0o170000) === 0o100000
    const isOurs = isFile && readFileSync(path, 'latin1').startsWith(secret)
    listing[path] = `${mode.toString(8)} ${uid}:${gid} ${mtimeMs}${isFile && !isOurs ? ' other bytes' : ''}`
    if (isDirectory) for (const name of readdirSync(path)) list(`${path}/${name}`)
  }
}

export function compare(wanted: Listing, found: Listing): string[] {
  const paths = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort()
  return paths
    .filter((each) => wanted[each] !== found[each])
    .map((each) => `${each}: was ${wanted[each] ?? 'absent'}, is ${found[each] ?? 'absent'}`)
}

const longAgo = 1_000_000_000

function makeFile(path: string): void {
  writeFileSync(path, `${secret} ${path}\n`, {mode: 0o600})
}

/** Whatever touches it later gives it another time. */
function settle(path: string): void {
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) settle(`${path}/${name}`)
  utimesSync(path, longAgo, longAgo)
}
