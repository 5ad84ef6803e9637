/** Bare Node, ours and the real postmulti in turns (A B C A B C ...) on one host that grows. */
import {type Case, cases, howMany} from './cases.ts'
import {addInstance, countNewInstances, disableAll, growTo, ours, real, restore, startAll} from './host.ts'
import {peakMemory, systemCalls, timeAtOnce, timeInTurn} from './measure.ts'
import {fewestRounds, type Options} from './options.ts'
import {type Figure, type Side, sides, type Times, type Timing} from './results.ts'
import {median} from './statistics.ts'

const programs: Record<Side, string> = {bare: process.execPath, ours, real}
const nothing = ['-e', '0']
const second = 1000
/** Beyond it, to trace a postconf(1) for each instance would take minutes. */
const largestTraced = 1000

interface Compared {
  timings: Timing[]
  figures: Figure[]
}

/** `tell` hears what comes next. */
export async function compare({rounds, sizes, quick}: Options, tell: (what: string) => void): Promise<Compared> {
  const timings: Timing[] = []
  const figures: Figure[] = []
  const traced = [sizes[0], sizes.findLast((each) => each <= largestTraced)]
  for (const instances of sizes) {
    tell(`a host of ${instances}`)
    growTo(instances)
    for (const each of cases.filter(({sizes, slow}) => sizes.includes(instances) && !(quick && slow))) {
      tell(`${each.title}, ${instances}`)
      const {times, enrolled} = await measure(each, rounds)
      timings.push({title: each.title, instances, times})
      if (each.atOnce) figures.push({title: `${each.title}: enrolled of ${howMany}`, unit: '', values: enrolled})
    }
    if (!traced.includes(instances)) continue
    tell(`system calls and memory, ${instances}`)
    figures.push({title: `system calls of -l at ${instances}`, unit: '', values: ofEachSide(systemCalls)})
    figures.push({title: `peak memory of -l at ${instances}`, unit: 'MB', values: ofEachSide(usualMemory)})
  }
  return {timings, figures: [...slopes(timings), ...figures]}
}

/** `enrolled`: how many new instances there were after the worst round. */
async function measure(each: Case, rounds: number): Promise<{times: Times; enrolled: Record<'ours' | 'real', number>}> {
  const times: Times = {bare: [], ours: [], real: []}
  const enrolled = {ours: howMany, real: howMany}
  // Brings files into memory, and lets ours learn the defaults of this Postfix.
  await run('ours', each)
  for (let wanted = rounds, round = 0; round < wanted; round++) {
    for (const side of sides) {
      times[side].push(await run(side, each))
      if (each.atOnce && side !== 'bare') enrolled[side] = Math.min(enrolled[side], countNewInstances())
    }
    const took = Math.max(median(times.ours), median(times.real))
    if (took > second) wanted = Math.min(rounds, Math.max(fewestRounds, Math.ceil(rounds / 3)))
  }
  restore()
  return {times, enrolled}
}

async function run(side: Side, each: Case): Promise<number> {
  if (side === 'bare') return timeInTurn(programs.bare, [nothing], 0)
  restore()
  if (each.onNewInstance) addInstance()
  if (each.onRunning) startAll()
  if (each.atOnce) return timeAtOnce(programs[side], each[side])
  const took = timeInTurn(programs[side], each[side], each.status ?? 0)
  if (each.onRunning) disableAll()
  return took
}

function ofEachSide(look: (program: string, words: string[]) => number | undefined): Figure['values'] {
  const found = sides.map((side) => [side, look(programs[side], side === 'bare' ? nothing : ['-l'])] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== undefined))
}

function usualMemory(program: string, words: string[]): number | undefined {
  const found = Array.from({length: fewestRounds}, () => peakMemory(program, words))
  return found.every((each) => each !== undefined) ? median(found) : undefined
}

/** What one more instance adds to -l, where there are enough of them for it to be seen. */
function slopes(timings: readonly Timing[]): Figure[] {
  const lists = timings.filter(({title, instances}) => title === '-l' && instances >= 100)
  return lists.slice(1).map((many, at) => {
    const few = lists[at]!
    const slope = (side: Side): number => {
      return (median(many.times[side]) - median(few.times[side])) / (many.instances - few.instances)
    }
    const title = `-l for one more instance, from ${few.instances} to ${many.instances}`
    return {title, unit: 'ms', values: {ours: slope('ours'), real: slope('real')}}
  })
}
