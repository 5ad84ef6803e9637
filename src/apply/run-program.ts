/** Running a program that a site plugin wants to be run. It gets nothing of the caller's environment. */
import {openDirectory} from '../files/directory.ts'
import {ToolFailure} from '../model/errors.ts'
import {explainError} from '../model/system-error.ts'
import {typed} from '../model/typed.ts'

/** In milliseconds; a program that hangs must not hold the lock for ever. */
const timeout = 600_000

/** `lock` is inherited, so that it outlives us when the program does. `passOn` gets what it says on stderr. */
export function runProgram(
  [program = '', ...words]: readonly string[],
  directory: string,
  lock: number,
  passOn: (text: string) => void,
): void {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const place = openDirectory(directory)
  const {status, signal, stdout, stderr, error} = spawnSync(program, words, {
    // The child gets there through the descriptor, before that is closed.
    cwd: String(place.itself()),
    stdio: ['ignore', 'pipe', 'pipe', lock],
    timeout,
    encoding: 'utf8',
    env: {PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C'},
  })
  place.close()
  const command = typed([program, ...words])
  if (error !== undefined) throw new ToolFailure(command, null, explainError(error))
  if (status !== 0) {
    throw new ToolFailure(command, status, stderr || stdout || (signal === null ? '' : `ended by ${signal}`))
  }
  if (stderr !== '') passOn(stderr)
}
