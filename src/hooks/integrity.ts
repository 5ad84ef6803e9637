/** A mark of all that a plugin consists of: any other content, mode or name of a file gives another one. */
import {lstat, readBytes, readEntries, readTarget} from '../files/read.ts'
import {errorCode, explainError} from '../model/base/system-error.ts'
import {Faulty} from './faulty.ts'

/** As npm writes it. Throws a Faulty when something cannot be read. */
export function integrityOf(directory: string): string {
  const {createHash} = process.getBuiltinModule('node:crypto')
  const hash = createHash('sha512')
  try {
    add('.')
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    throw new Faulty(`${(error as NodeJS.ErrnoException).path ?? directory}: ${explainError(error)}`)
  }
  return `sha512-${hash.digest('base64')}`

  function add(name: string): void {
    const path = `${directory}/${name}`
    const {mode} = lstat(path)
    const kind = mode & 0o170000
    const content =
      kind === 0o100000 ? readBytes(path) : kind === 0o120000 ? Buffer.from(readTarget(path)) : Buffer.alloc(0)
    // No name and no content can pass for a header, because the lengths of both are before them.
    hash.update(`${mode.toString(8)} ${Buffer.byteLength(name)} ${content.length}\n${name}`).update(content)
    if (kind === 0o040000) for (const each of sortedNames(path)) add(`${name}/${each}`)
  }
}

function sortedNames(directory: string): string[] {
  return readEntries(directory)
    .map(({name}) => name)
    .sort()
}
