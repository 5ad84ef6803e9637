/**
 * What V8 has made of the program is kept for the next start of it, for root: other users cannot write where root looks.
 * Source: Node's documentation, "Module compile cache"; its own default is a directory that anybody may have made.
 */
import {mkdirSync} from 'node:fs'
import {cacheDirectory} from './model/places.ts'
import {explainError} from './model/system-error.ts'
import {isRootsAlone} from './postfix/defaults.ts'

export function keepCompiled(): void {
  if (process.geteuid!() !== 0) return
  const directory = `${cacheDirectory}/compiled`
  try {
    mkdirSync(directory, {recursive: true, mode: 0o755})
    if (isRootsAlone(directory)) process.getBuiltinModule('node:module').enableCompileCache(directory)
  } catch (error) {
    explainError(error)
  }
}
