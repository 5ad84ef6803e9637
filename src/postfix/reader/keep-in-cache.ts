/**
 * What is kept from one call to the next, in files that only root writes, each of them whole. It may be lost, damaged or
 * in somebody else's hands: then it is not believed, and the next call does without.
 */

import {dirname} from 'node:path'
import {makeDirectories} from '../../files/act.ts'
import {isRoot} from '../../files/caller.ts'
import {isRootsAlone, keepFile} from '../../files/own.ts'
import {quietly, readText} from '../../files/read.ts'
import {errorCode} from '../../model/base/system-error.ts'

/** Those of a thousand instances have 100 KB. */
const largestCached = 16 * 2 ** 20

/** Without the right to it, or where others could put something else in its place, nothing is kept. */
export function keepInCache(file: string, text: string, mode: number): void {
  if (!isRoot()) return
  try {
    makeDirectories(dirname(file), 0o755)
    if (isRootsAlone(dirname(file))) keepFile(file, Buffer.from(text), mode)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
  }
}

/** Undefined where there is nothing that can be believed: nobody but root could have written it. */
export function readFromCache(file: string): string | undefined {
  return quietly(() => (isRootsAlone(file) ? readText(file, 'utf8', largestCached) : undefined))
}
