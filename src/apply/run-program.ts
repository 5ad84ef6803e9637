/**
 * Running a program that a site plugin or `check --fix` wants to be run, as root or as the owner of its files. It gets
 * nothing of the caller's environment.
 */
import {isRoot} from '../files/caller.ts'
import {openDirectory, systemError} from '../files/directory.ts'
import {Refusal} from '../model/base/errors.ts'
import {sitePath} from '../model/base/places.ts'
import {typed} from '../model/base/typed.ts'
import type {Account, Program} from '../model/change/runner.ts'
import {findRunner} from '../postfix/programs/runner.ts'
import {mustSucceed, runInHand} from './in-hand.ts'

/**
 * The shell holds the lock until the program ends, also one that does not listen to a signal; a daemon that this one leaves
 * behind has never had it.
 */
const withoutLock = 'trap : HUP INT TERM; "$0" "$@" 3>&-; exit'

/** `passOn` gets what it says on stderr. Throws a ToolFailure, and a Refusal where no account may run it. */
export async function runProgram(program: Program, lock: number, passOn: (text: string) => void): Promise<void> {
  const [name = '', ...words] = program.words
  const place = openDirectory(program.directory)
  let account: Account | undefined
  let ended: ReturnType<typeof runInHand>
  try {
    account = checkRunner(program)
    // It has become somebody's while we looked.
    if (place.foreign && account === undefined && isRoot()) throw systemError('ECHANGED', program.directory)
    const options: Parameters<typeof runInHand>[3] = {
      // The child gets there through the descriptor, before that is closed.
      cwd: String(place.itself()),
      env: {PATH: sitePath, LANG: 'C'},
    }
    ended =
      account === undefined
        ? runInHand('/bin/sh', ['-c', withoutLock, name, ...words], lock, options)
        : runInHand(name, words, account, options)
  } finally {
    place.close()
  }
  const command = typed(program.words)
  const {stderr} = await mustSucceed(account === undefined ? command : `${command} (as ${account.user})`, ended)
  if (stderr !== '') passOn(stderr)
}

/** The account that it runs under; undefined when that is ours. Throws a Refusal where no account may run it; `plugin` wants it. */
export function checkRunner(program: Program, plugin?: string): Account | undefined {
  const runner = findRunner(program)
  // Without root there are no rights of others to lend.
  if (runner.as === 'root' || !isRoot()) return undefined
  if (runner.as === 'owner') return runner
  const why = `opens its files by name, and others could replace them: ${runner.why}`
  const wanted = plugin === undefined ? {} : {plugin}
  const who = plugin === undefined ? '' : ` (plugin ${plugin})`
  throw new Refusal(`${typed(program.words)} ${why}${who}`, {suggestions: runner.remedy, ...wanted})
}

/** For people and programs; null when no account may run it. */
export function nameRunner(program: Program): string | null {
  const runner = findRunner(program)
  if (runner.as === 'owner') return runner.user
  return runner.as === 'root' ? 'root' : null
}
