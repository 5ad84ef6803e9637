/**
 * reload, stop, start and restart in any order and rhythm, at the same time on three hosts that are alike: by
 * sub-commands, in the classic way, and by postfix(1) itself. ROUNDS sets how many (npm run test:rounds: 200),
 * ROUNDS_SEED repeats an earlier run.
 */
import assert from 'node:assert/strict'
import {whyNoHost} from '../acceptance/host.ts'
import {drawRounds, type Round} from './draw.ts'
import {type Host, type Manner, manners, openHost} from './hosts.ts'
import {findFailure, type Played} from './judge.ts'

const count = Number(process.env.ROUNDS ?? 1)
const seed = Number(process.env.ROUNDS_SEED ?? Date.now() % 2 ** 31)
/** In milliseconds; postfix-script looks five times, and sleeps a second after each look. */
const patience = 5000

interface Tally {
  failures: string[]
  /** By the milliseconds since TERM. */
  kills: number[]
}

describe(`reload, stop, start and restart in any order: ${count} rounds, ROUNDS_SEED=${seed}`, function () {
  // On a busy machine, a minute for a word.
  this.timeout(300_000 + count * 12 * 60_000)
  let hosts: Host[] = []
  const tallies = new Map<Manner, Tally>(manners.map((each) => [each, {failures: [], kills: []}]))
  const tallyOf = (manner: Manner): Tally => tallies.get(manner)!

  before(async function () {
    if (whyNoHost() !== undefined) this.skip()
    hosts = await Promise.all(manners.map(openHost))
    for (const [at, round] of drawRounds(seed, count).entries()) {
      const played = await Promise.all(hosts.map((host) => host.play(round)))
      for (const [which, {manner}] of hosts.entries()) note(manner, at + 1, round, played[which]!)
      if ((at + 1) % 10 === 0 || at + 1 === count) console.log(`      after round ${at + 1}: ${describeTallies()}`)
    }
  })
  after(() => Promise.all(hosts.map((each) => each.close())))

  for (const manner of ['sub-command', 'classic'] as const) {
    it(`${manner} has no failure that postfix(1) has not`, () => {
      const {failures} = tallyOf(manner)
      assert.ok(failures.length <= tallyOf('postfix(1)').failures.length, failures.join('\n'))
    })

    it(`${manner} sends no KILL before postfix(1) would`, () => {
      assert.deepEqual(
        tallyOf(manner).kills.filter((each) => each < patience),
        [],
      )
    })
  }

  function note(manner: Manner, number: number, {steps}: Round, played: readonly Played[]): void {
    const {failures, kills} = tallyOf(manner)
    kills.push(...played.flatMap((each) => each.kills))
    const words = steps.map(({word, rest}) => `${word} ${rest}`).join(', ')
    for (const [at, each] of played.entries()) {
      const failure = findFailure(steps[at]!.word, each)
      if (failure === undefined) continue
      failures.push(`round ${number} (${words}), step ${at + 1}: ${failure}\n${each.text}`)
      if (count > 1) console.log(`      ${manner}: ${failures.at(-1)}`)
    }
  }

  function describeTallies(): string {
    const each = [...tallies].map(([manner, {failures, kills}]) => {
      return `${manner} ${failures.length} failures, KILL after ${kills.map((ms) => `${ms} ms`).join(', ') || '-'}`
    })
    return each.join('; ')
  }
})
