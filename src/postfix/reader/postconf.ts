/** Where the real postconf(1) is, and what it answers. */
import {isFile, tryText} from '../../files/read.ts'
import {Refusal} from '../../model/base/errors.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'
import {toBytes} from '../../model/base/text.ts'
import {typed} from '../../model/base/typed.ts'
import {withScratch} from './scratch.ts'

export interface Answer {
  status: number | null
  /** Latin1 text. */
  stdout: string
  /** Latin1 text. */
  stderr: string
}

/** In seconds. It waits two for a main.cf that is hot, and for ever for a FIFO that somebody has put in its place. */
const postconfPatience = 10

const programDirectories = ['/usr/sbin', '/usr/local/sbin', '/sbin', '/usr/bin']

/** The directory of postconf before main.cf has told command_directory. Refuses when Postfix is not installed. */
export function findCommandDirectory(): string {
  const found = programDirectories.find(hasPostconf)
  if (found !== undefined) return found
  throw new Refusal(`postconf: No such file or directory in ${programDirectories.join(', ')}: is Postfix installed?`)
}

export function hasPostconf(directory: string): boolean {
  return isFile(`${directory}/postconf`)
}

/** A hot or broken main.cf makes it sleep. */
export function askPostconf(command_directory: string, words: string[]): Answer {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {status, signal, stdout, stderr, error} = spawnSync(`${command_directory}/postconf`, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'latin1',
    maxBuffer: 64 * 2 ** 20,
    timeout: postconfPatience * 1000,
  })
  const why =
    errorCode(error) === 'ETIMEDOUT'
      ? `no answer in ${postconfPatience} s`
      : error !== undefined
        ? explainError(error)
        : signal === null
          ? ''
          : `ended by ${signal}`
  return {status, stdout: stdout ?? '', stderr: stderr || why}
}

/**
 * `postconf -xc DIR` for each directory, as many at once as there are processors. Answers in the same order. Names may be
 * anything: plugins choose them.
 */
export function askForAll(directories: string[], command_directory: string, names: readonly string[]): Answer[] {
  const ask = (each: string): Answer => askPostconf(command_directory, ['-xc', each, '--', ...names])
  // Arguments of a program must be text; the standard input of xargs can be anything.
  if (directories.length === 1 && directories.every((each) => each.isWellFormed())) return directories.map(ask)
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {availableParallelism} = process.getBuiltinModule('node:os')
  return withScratch((answers) => {
    const script = `timeout ${postconfPatience} "$0" -xc "$3" -- ${typed(names)} >"$1/$2.stdout" 2>"$1/$2.stderr"; echo $? >"$1/$2.status"`
    const words = [
      '-0',
      '-n',
      '2',
      '-P',
      String(availableParallelism()),
      '/bin/sh',
      '-c',
      script,
      `${command_directory}/postconf`,
      answers,
    ]
    const input = directories.flatMap((each, at) => [String(at), each]).map((each) => toBytes(`${each}\0`))
    const {error} = spawnSync('/usr/bin/xargs', words, {
      input: Buffer.concat(input),
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    if (error !== undefined) return directories.map(ask)
    return directories.map((each, at) => {
      const read = (kind: string): string => tryText(`${answers}/${at}.${kind}`) ?? ''
      const status = read('status')
      // Where there was no room for it, or no right to write it, one at a time needs none.
      if (!/^\d+\n$/.test(status)) return ask(each)
      return {status: Number(status), stdout: read('stdout'), stderr: read('stderr')}
    })
  })
}

/** NAME = VALUE lines. */
export function parseAnswer(stdout: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const [, name, value] = /^(\S+) =(?: (.*))?$/s.exec(line) ?? []
    if (name !== undefined) values.set(name, value ?? '')
  }
  return values
}
