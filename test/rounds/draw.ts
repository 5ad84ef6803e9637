/** What a round is made of, drawn at random from a seed. */
import fc from 'fast-check'

export interface Step {
  word: 'reload' | 'stop' | 'start' | 'restart'
  /** How long nothing happens after it, in milliseconds. */
  rest: number
}

export interface Round {
  steps: Step[]
  /** Programs that do nothing but keep the processors busy meanwhile. */
  busy: number
  /** Messages that come meanwhile, each second. */
  mail: number
}

const milliseconds = (min: number, max: number) => fc.noBias(fc.integer({min, max}))

/** A second after a reload master(8) wakes its daemons: most rests end about then. */
const rest = fc.oneof(
  {weight: 3, arbitrary: milliseconds(900, 1600)},
  {weight: 1, arbitrary: milliseconds(0, 100)},
  {weight: 1, arbitrary: milliseconds(100, 900)},
)
const step = fc.record({word: fc.constantFrom('reload', 'stop', 'start', 'restart'), rest})
/** Words in any order are mostly said to what is stopped already: every other round begins as an administrator would. */
const opening = (['reload', 'start'] as const).map((word) => rest.map((each) => ({word, rest: each})))
const round = fc.record({
  steps: fc.oneof(
    fc.array(step, {minLength: 4, maxLength: 4, size: 'max'}),
    fc.tuple(opening[0]!, step, opening[1]!, opening[0]!),
  ),
  busy: fc.constantFrom(0, 0, 1),
  mail: fc.constantFrom(0, 0, 5),
})

export function drawRounds(seed: number, numRuns: number): Round[] {
  return fc.sample(round, {seed, numRuns}) as Round[]
}
