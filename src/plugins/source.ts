/**
 * What a plugin is made of, copied to where root alone can write. npm reads by name: the owner of the directory could
 * put a link to any file of the host in the place of one, and have it installed for all to read.
 */

import {basename} from 'node:path'
import {makeDirectories, makeDirectory, ours, removeTree, replaceFile} from '../files/act.ts'
import {isDirectory, lstat, readBytes, readEntries} from '../files/read.ts'
import {orFault, readJson} from '../hooks/faulty.ts'
import {isRecord} from '../model/base/json.ts'

/** In bytes, of a single file. */
const limit = 512 * 1024 * 1024

/** `spec` is file:PATH of a directory or package; returned is that of the copy. Links are skipped, as npm does. */
export function copySource(spec: string, place: string): string {
  const path = spec.slice('file:'.length)
  removeTree(place)
  makeDirectories(place, 0o700)
  const copy = `${place}/${basename(path)}`
  if (isDirectory(path)) copyDirectory(path, copy, needless(path))
  else copySourceFile(path, copy)
  return `file:${copy}`
}

/** npm packs of node_modules what is bundled, and nothing else. */
function needless(path: string): string[] {
  const {bundleDependencies, bundledDependencies = bundleDependencies} = readPackageJson(path)
  return bundledDependencies === undefined ? ['.git', 'node_modules'] : ['.git']
}

function readPackageJson(path: string): Record<string, unknown> {
  // What is wrong with it npm says.
  const manifest = orFault(() => readJson(`${path}/package.json`))
  return isRecord(manifest) ? manifest : {}
}

function copyDirectory(from: string, to: string, without: readonly string[]): void {
  makeDirectory(to, 0o755)
  for (const each of readEntries(from)) {
    const [source, copy] = [`${from}/${each.name}`, `${to}/${each.name}`]
    if (without.includes(each.name)) continue
    if (each.isDirectory()) copyDirectory(source, copy, [])
    else if (each.isFile()) copySourceFile(source, copy)
  }
}

function copySourceFile(from: string, to: string): void {
  const mode = (lstat(from).mode & 0o111) === 0 ? 0o644 : 0o755
  replaceFile(to, readBytes(from, limit), {mode, ...ours()})
}
