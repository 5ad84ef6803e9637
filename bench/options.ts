/** What may be typed after `npm run bench --`. */
import {parseArgs} from 'node:util'

export interface Options {
  /** Of what costs neither side seconds. */
  rounds: number
  /** Numbers of secondary instances, ascending. */
  sizes: number[]
  /** Only what can be measured in a minute or so. */
  quick: boolean
  /** Absent: no file. */
  json: string | undefined
  plot: string | undefined
}

/** What costs one side seconds is done a third as often, but not less often than this. */
export const fewestRounds = 3

export const usage = `usage: npm run bench -- [--quick | --long] [--rounds N] [--json FILE]

  --quick      1 and 10 instances, 3 rounds; prints, and writes nothing but what --json asks for
  --long       5000 instances, too
  --rounds N   how often each command is measured (10)
  --json FILE  where all samples go (bench/results/latest.json)
`

/** Throws an Error with one sentence when the words are not understood. */
export function parseOptions(words: string[]): Options {
  const {values, positionals} = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      quick: {type: 'boolean', default: false},
      long: {type: 'boolean', default: false},
      rounds: {type: 'string'},
      json: {type: 'string'},
    },
  })
  const {quick, long, json} = values
  if (quick && long) throw new Error('--quick and --long exclude each other')
  if (positionals.length > 1) throw new Error(`One number of rounds, not ${positionals.join(' and ')}`)
  const rounds = values.rounds ?? positionals[0] ?? (quick ? '3' : '10')
  if (!/^[1-9]\d{0,3}$/.test(rounds)) throw new Error(`Rounds are a number from 1 on, not '${rounds}'`)
  return {
    rounds: Number(rounds),
    sizes: quick ? [1, 10] : [1, 10, 100, 1000, ...(long ? [5000] : [])],
    quick,
    json: json ?? (quick ? undefined : 'bench/results/latest.json'),
    plot: quick ? undefined : 'docs/bench.svg',
  }
}
