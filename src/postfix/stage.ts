/** The main.cf and master.cf of an instance as they will be, where Postfix's programs can read them. */
import {chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {errorCode} from '../model/system-error.ts'
import type {ReadText} from './read-file.ts'

/** `use` is given a directory that is gone afterwards. A file that cannot be read is not there. */
export function withStage<Result>(config_directory: string, read: ReadText, use: (stage: string) => Result): Result {
  const stage = mkdtempSync('/tmp/postmulti-')
  try {
    // postmap(1) and postconf(1) may read it as another user.
    chmodSync(stage, 0o755)
    for (const file of ['main.cf', 'master.cf']) {
      const text = tryRead(`${config_directory}/${file}`, read)
      if (text === undefined) continue
      writeFileSync(`${stage}/${file}`, Buffer.from(text, 'latin1'))
      // Postfix waits for a file that is younger than two seconds.
      utimesSync(`${stage}/${file}`, longAgo, longAgo)
    }
    return use(stage)
  } finally {
    rmSync(stage, {recursive: true})
  }
}

function tryRead(path: string, read: ReadText): string | undefined {
  try {
    return read(path)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

const longAgo = 1_000_000_000
