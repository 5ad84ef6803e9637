/** Running a program that a site plugin wants to be run. It gets nothing of the caller's environment. */
import {openDirectory} from '../files/directory.ts'
import {typed} from '../model/typed.ts'
import {mustSucceed, runInHand} from './in-hand.ts'

/** `passOn` gets what it says on stderr. Throws a ToolFailure. */
export async function runProgram(
  [program = '', ...words]: readonly string[],
  directory: string,
  lock: number,
  passOn: (text: string) => void,
): Promise<void> {
  const place = openDirectory(directory)
  const ended = runInHand(program, words, lock, {
    // The child gets there through the descriptor, before that is closed.
    cwd: String(place.itself()),
    env: {PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C'},
  })
  place.close()
  const {stderr} = await mustSucceed(typed([program, ...words]), ended)
  if (stderr !== '') passOn(stderr)
}
