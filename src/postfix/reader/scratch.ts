/**
 * Directories for a moment. Root has them where no one else can write, for anybody can fill /tmp; other users where
 * they have all of theirs.
 */

import {changeIn, makeDirectories, makeDirectory, newName, ours, removeTree, writeNew} from '../../files/act.ts'
import {isRoot} from '../../files/caller.ts'
import {isRootsAlone} from '../../files/own.ts'
import {realPath} from '../../files/read.ts'
import {ToolFailure} from '../../model/base/errors.ts'
import {stateDirectory} from '../../model/base/places.ts'
import {explainError} from '../../model/base/system-error.ts'

/** For the caller alone, who removes it. Throws a ToolFailure. */
export function makeScratch(): string {
  const places = isRoot() ? ['/run/postmulti-tmp', `${stateDirectory}/tmp`] : [process.env.TMPDIR || '/tmp', '/tmp']
  const failures: ToolFailure[] = []
  for (const place of places) {
    try {
      if (isRoot()) makePlace(place)
      const directory = `${realPath(place)}/${newName()}`
      makeDirectory(directory, 0o700)
      return directory
    } catch (error) {
      failures.push(error instanceof ToolFailure ? error : cannotMake(place, explainError(error)))
    }
  }
  throw failures[0]
}

/** `use` is given a directory that is gone afterwards. */
export function withScratch<Result>(use: (directory: string) => Result): Result {
  const directory = makeScratch()
  try {
    return use(directory)
  } finally {
    removeTree(directory)
  }
}

/** For the one who made the directory. `seconds` since 1970 is its age; now when absent. Throws a ToolFailure. */
export function writeScratch(path: string, content: string | Buffer, seconds?: number): void {
  try {
    const wanted = {
      mode: 0o600,
      ...ours(),
      ...(seconds === undefined ? {} : {seconds}),
    }
    changeIn(path, (directory, name) => writeNew(directory, name, Buffer.from(content), wanted))
  } catch (error) {
    throw new ToolFailure(`write ${path}`, null, explainError(error))
  }
}

/** What somebody else could put there, root does not use. */
function makePlace(place: string): void {
  makeDirectories(place, 0o700)
  if (!isRootsAlone(place)) throw cannotMake(place, 'it is not a directory of root alone')
}

function cannotMake(place: string, why: string): ToolFailure {
  return new ToolFailure(`make a directory in ${place}`, null, why)
}
