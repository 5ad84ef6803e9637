/** The main.cf and master.cf of an instance as they will be, where only Postfix's programs can read them. */
import {quietly} from '../../files/read.ts'
import type {ReadText} from '../reader/read-file.ts'
import {withScratch, writeScratch} from '../reader/scratch.ts'

/** `use` is given a directory that is gone afterwards. A file that cannot be read is not there. */
export function withScratchCopy<Result>(
  config_directory: string,
  read: ReadText,
  use: (directory: string) => Result,
): Result {
  return withScratch((directory) => {
    for (const file of ['main.cf', 'master.cf']) {
      const text = quietly(() => read(`${config_directory}/${file}`))
      if (text === undefined) continue
      // Postfix waits for a file that is younger than two seconds.
      writeScratch(`${directory}/${file}`, Buffer.from(text, 'latin1'), longAgo)
    }
    return use(directory)
  })
}

const longAgo = 1_000_000_000
