/**
 * Whole processes of ours and of the real postmulti, in turns (A B A B ...), on hosts of 1, 10 and 100 secondary
 * instances. Medians, because the machine may have other things to do; the ratio is what counts.
 */
import {spawnSync} from 'node:child_process'
import {dirname, join} from 'node:path'

const rounds = Number(process.argv[2] ?? 10)
const ours = join(dirname(import.meta.dirname), 'bin/postmulti')
const real = '/usr/sbin/postmulti'
/** What costs the real one seconds is done less often. */
const fewRounds = Math.ceil(rounds / 3)

interface Case {
  title: string
  words: string[]
  rounds: number
  /** Brings the host back. */
  after?: string[]
}

const cases: Case[] = [
  {title: '-l', words: ['-l'], rounds},
  {title: '-i one -x true', words: ['-i', 't1', '-x', 'true'], rounds},
  {title: 'an error', words: ['-l', 'foo'], rounds: fewRounds},
  {title: '-e enable', words: ['-i', 't1', '-e', 'enable'], rounds: fewRounds, after: ['-i', 't1', '-e', 'disable']},
  {
    title: '-e create',
    words: ['-I', 'postfix-new', '-e', 'create'],
    rounds: fewRounds,
    after: ['-i', 'new', '-e', 'destroy'],
  },
]

mustRun(ours, ['-e', 'init'])
print('', 'bare node', ['ours', 'real'], 'real/ours', 'ours/bare')
let count = 0
for (const wanted of [1, 10, 100]) {
  while (count < wanted) mustRun(ours, ['-I', `postfix-t${++count}`, '-G', 'mta', '-e', 'create'])
  for (const each of cases) measure(each, count)
  measureDestroy(count)
}

function measure({title, words, rounds, after}: Case, instances: number): void {
  const times = {bare: [] as number[], ours: [] as number[], real: [] as number[]}
  for (let round = 0; round < rounds; round++) {
    times.bare.push(time(process.execPath, ['-e', '0']))
    for (const [name, program] of [
      ['ours', ours],
      ['real', real],
    ] as const) {
      antedate()
      times[name].push(time(program, words))
      if (after !== undefined) mustRun(ours, after)
    }
  }
  report(`${title} at ${instances}`, times)
}

function measureDestroy(instances: number): void {
  const times = {bare: [] as number[], ours: [] as number[], real: [] as number[]}
  for (let round = 0; round < fewRounds; round++) {
    times.bare.push(time(process.execPath, ['-e', '0']))
    for (const [name, program] of [
      ['ours', ours],
      ['real', real],
    ] as const) {
      mustRun(ours, ['-I', 'postfix-new', '-e', 'create'])
      times[name].push(time(program, ['-i', 'new', '-e', 'destroy']))
    }
  }
  report(`-e destroy at ${instances}, just created`, times)
}

function report(title: string, {bare, ours, real}: Record<'bare' | 'ours' | 'real', number[]>): void {
  const [floor, one, other] = [median(bare), median(ours), median(real)]
  print(
    title,
    show(floor),
    [spread(ours), spread(real)],
    `${(other / one).toFixed(1)} x`,
    `${(one / floor).toFixed(2)} x`,
  )
}

function print(title: string, bare: string, columns: string[], ratio: string, toBare: string): void {
  console.log(
    title.padEnd(34),
    bare.padStart(10),
    ...columns.map((each) => each.padStart(24)),
    ratio.padStart(10),
    toBare.padStart(10),
  )
}

function spread(times: number[]): string {
  return `${show(median(times))} (${show(Math.min(...times))}-${show(Math.max(...times))})`
}

function show(milliseconds: number): string {
  return `${milliseconds.toFixed(0)} ms`
}

function median(times: number[]): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function time(program: string, words: string[]): number {
  const began = performance.now()
  spawnSync(program, words, {stdio: ['ignore', 'ignore', 'ignore']})
  return performance.now() - began
}

function mustRun(program: string, words: string[]): void {
  const {status, stderr} = spawnSync(program, words, {encoding: 'utf8'})
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`)
}

/** The hot-file wait would hide all else. Only create and destroy, which write the file that is read, are to have it. */
function antedate(): void {
  spawnSync('sh', ['-c', "find /etc/postfix* -name 'ma*.cf' -exec touch -d '-1 hour' {} +"])
}
