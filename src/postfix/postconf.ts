/** Where the real postconf(1) is, and what it answers. */
import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {Refusal} from '../model/errors.ts'
import {explainError} from '../model/system-error.ts'
import {toBytes} from '../model/text.ts'

export interface Answer {
  status: number | null
  /** Latin1 text. */
  stdout: string
  /** Latin1 text. */
  stderr: string
}

const usualPlaces = ['/usr/sbin', '/usr/local/sbin', '/sbin', '/usr/bin']

/** The directory of postconf before main.cf has told command_directory. Refuses when Postfix is not installed. */
export function findCommandDirectory(): string {
  const found = usualPlaces.find(hasPostconf)
  if (found !== undefined) return found
  throw new Refusal(`postconf: No such file or directory in ${usualPlaces.join(', ')}: is Postfix installed?`)
}

export function hasPostconf(directory: string): boolean {
  return statSync(`${directory}/postconf`, {throwIfNoEntry: false})?.isFile() ?? false
}

/** A hot or broken main.cf makes it sleep. */
export function askPostconf(command_directory: string, words: string[]): Answer {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {status, signal, stdout, stderr, error} = spawnSync(`${command_directory}/postconf`, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'latin1',
    maxBuffer: 64 * 2 ** 20,
  })
  const why = error !== undefined ? explainError(error) : signal === null ? '' : `ended by ${signal}`
  return {status, stdout: stdout ?? '', stderr: stderr || why}
}

/** `postconf -xc DIR` for each directory, as many at once as there are processors. Answers in the same order. */
export function askForAll(directories: string[], command_directory: string, names: readonly string[]): Answer[] {
  const ask = (each: string): Answer => askPostconf(command_directory, ['-xc', each, ...names])
  // Arguments of a program must be text; the standard input of xargs can be anything.
  if (directories.length === 1 && directories.every((each) => each.isWellFormed())) return directories.map(ask)
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {availableParallelism} = process.getBuiltinModule('node:os')
  const answers = mkdtempSync('/tmp/postmulti-')
  try {
    const script = `"$0" -xc "$2" ${names.join(' ')} >${answers}/"$1.stdout" 2>${answers}/"$1.stderr"; echo $? >${answers}/"$1.status"`
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
    ]
    const input = directories.flatMap((each, at) => [String(at), each]).map((each) => toBytes(`${each}\0`))
    const {error} = spawnSync('/usr/bin/xargs', words, {
      input: Buffer.concat(input),
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    if (error !== undefined) return directories.map(ask)
    return directories.map((_, at) => ({
      status: Number(readFileSync(`${answers}/${at}.status`, 'latin1')),
      stdout: readFileSync(`${answers}/${at}.stdout`, 'latin1'),
      stderr: readFileSync(`${answers}/${at}.stderr`, 'latin1'),
    }))
  } finally {
    rmSync(answers, {recursive: true})
  }
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
