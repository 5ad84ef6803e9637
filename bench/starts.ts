/**
 * How long builds of this program take to start, in turns with `node -e 0`: what a part of a build earns is the difference
 * to a build without it. On a throw-away host: plugins/plugin-api/host NODE bench/starts.ts ROUNDS TREE...
 */
import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {growTo} from './host.ts'
import {median, ratio} from './statistics.ts'

const [rounds = '40', ...trees] = process.argv.slice(2)
const commands: [size: number, words: string[]][] = [
  [1, ['-l']],
  [1, ['-l', 'foo']],
  [10, ['instances', 'list', '--json']],
  [10, ['instances', 'set', '--help']],
  [10, ['check', '--json']],
]
/** Of sysconf(3), on all Linux of today: clock ticks in a second. */
const ticks = 100

interface Program {
  name: string
  words: string[]
  wall: number[]
  processor: number
}

for (const [size, words] of commands) {
  growTo(size)
  const program = (name: string, its: string[]): Program => ({name, words: its, wall: [], processor: 0})
  const bare = program(process.execPath, ['-e', '0'])
  const all = [bare, ...trees.map((each) => program(`${each}/bin/postmulti`, words))]
  for (let round = -1; round < Number(rounds); round++) for (const each of all) run(each, round >= 0)
  console.log(`${words.join(' ')} at ${size}, ${rounds} rounds`)
  for (const each of all) console.log(`  ${describeProgram(each, bare)}`)
}

/** The first round brings files into memory, and does not count. */
function run(program: Program, counts: boolean): void {
  const [began, used] = [performance.now(), childrensTime()]
  spawnSync(program.name, program.words, {stdio: 'ignore'})
  if (!counts) return
  program.wall.push(performance.now() - began)
  program.processor += childrensTime() - used
}

function describeProgram({name, wall, processor}: Program, bare: Program): string {
  const times = `${median(wall).toFixed(1)} ms, processor ${(processor / wall.length).toFixed(1)} ms`
  return `${times}; ${ratio(wall, bare.wall).toFixed(2)} x, processor ${(processor / bare.processor).toFixed(2)} x: ${name}`
}

/** Milliseconds of processes that were waited for: fields 16 and 17 of proc_pid_stat(5), exact only in the sum of many. */
function childrensTime(): number {
  const fields = readFileSync('/proc/self/stat', 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return ((Number(fields[13]) + Number(fields[14])) / ticks) * 1000
}
