/** What is done in a copy of the root of a release, and what came of it. */
import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

/** Oldest first, as build knows them; sid is what will be. */
export const releases = ['bullseye', 'bookworm', 'trixie', 'sid']

/** Of Debian; empty elsewhere. */
export function hostsRelease(): string {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] ?? ''
}

/** Each of the others has its day. */
export function releaseInTurn(host: string, now: Date): string {
  const others = releases.filter((each) => each !== host)
  return others[Math.floor(now.getTime() / 86_400_000) % others.length]!
}

/** Why each of these that cannot be built cannot. What is built meanwhile is told on stderr. */
export function build(names: readonly string[]): string[] {
  const {stderr} = spawnSync(join(import.meta.dirname, 'build'), names, {
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  return stderr.split('\n').filter((line) => line !== '')
}

export interface Run {
  isRight: boolean
  /** stdout and stderr, one behind the other. */
  output: string
  /** Seconds. */
  took: number
}

const minutes = 60_000

/** In the project, with `variables` besides the environment of this process. */
export function runIn(name: string, command: readonly string[], variables: Record<string, string> = {}): Run {
  const began = performance.now()
  const {status, stdout, stderr} = spawnSync(join(import.meta.dirname, 'enter'), [name, ...command], {
    encoding: 'utf8',
    env: {...process.env, ...variables},
    maxBuffer: 64 * 2 ** 20,
    timeout: 90 * minutes,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return {isRight: status === 0, output: `${stdout}${stderr}`, took: (performance.now() - began) / 1000}
}

export const demo = ['sh', 'demo/run']

export function mocha(...files: string[]): string[] {
  return ['node', 'node_modules/mocha/bin/mocha.js', '--no-color', ...files]
}

export interface Counts {
  passing: number
  failing: number
  equal: number
  onPurpose: number
}

/** Of all reports of mocha in a text. */
export function countTests(output: string): Counts {
  const sum = (pattern: RegExp): number =>
    [...output.matchAll(pattern)].reduce((before, [, count]) => before + Number(count), 0)
  return {
    passing: sum(/^ {2}(\d+) passing\b/gm),
    failing: sum(/^ {2}(\d+) failing\b/gm),
    equal: sum(/^ {4}(\d+) equal$/gm),
    onPurpose: sum(/^ {4}(\d+) different on purpose$/gm),
  }
}
