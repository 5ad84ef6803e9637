/** Where the real postconf(1) is, and what it answers. */
import {statSync} from 'node:fs'
import {Refusal} from '../model/errors.ts'

export interface Answer {
  status: number | null
  stdout: string
  stderr: string
}

const usualPlaces = ['/usr/sbin', '/usr/local/sbin', '/sbin', '/usr/bin']

/** The directory of postconf before main.cf has told command_directory. Refuses when Postfix is not installed. */
export function findCommandDirectory(): string {
  const found = usualPlaces.find((each) => statSync(`${each}/postconf`, {throwIfNoEntry: false})?.isFile())
  if (found !== undefined) return found
  throw new Refusal(`postconf: No such file or directory in ${usualPlaces.join(', ')}: is Postfix installed?`)
}

/** Latin1 text on both streams. A hot or broken main.cf makes it sleep. */
export function askPostconf(command_directory: string, words: string[]): Answer {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {status, stdout, stderr} = spawnSync(`${command_directory}/postconf`, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'latin1',
    maxBuffer: 64 * 2 ** 20,
  })
  return {status, stdout: stdout ?? '', stderr: stderr ?? ''}
}

/** NAME = VALUE lines. */
export function parseAnswer(stdout: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const [, name, value] = /^(\S+) =(?: (.*))?$/.exec(line) ?? []
    if (name !== undefined) values.set(name, value ?? '')
  }
  return values
}
