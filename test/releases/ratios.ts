/** On a throw-away host of a hundred instances: how many times as long Postfix's own takes for -l and a create, as JSON. */
import {growTo, ours, real, restore} from '../../bench/host.ts'
import {timeInTurn} from '../../bench/measure.ts'
import {ratio} from '../../bench/statistics.ts'

const rounds = 5
const commands = {list: ['-l'], create: ['-I', 'postfix-new', '-e', 'create']}

growTo(100)
const ratios = Object.entries(commands).map(([name, words]) => {
  const times: Record<string, number[]> = {[ours]: [], [real]: []}
  // The first brings files into memory.
  for (let round = 0; round <= rounds; round++) {
    for (const program of [ours, real]) {
      restore()
      times[program]!.push(timeInTurn(program, [words], 0))
    }
  }
  return [name, ratio(times[real]!.slice(1), times[ours]!.slice(1))]
})
console.log(JSON.stringify(Object.fromEntries(ratios)))
