/**
 * reload, stop, start and restart in any order and rhythm, in turns on three hosts that are alike: by sub-commands, in
 * the classic way, and by postfix(1) itself. ROUNDS sets how many (npm run test:rounds: 200), ROUNDS_SEED repeats an
 * earlier run.
 */
import assert from 'node:assert/strict'
import {whyNoHost} from '../acceptance/host.ts'
import {drawRounds} from './draw.ts'
import {type Host, type Manner, manners, openHost} from './hosts.ts'
import {findFailure} from './judge.ts'

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
      for (const host of hosts) {
        const tally = tallyOf(host.manner)
        const words = round.steps.map(({word, rest}) => `${word} ${rest}`).join(', ')
        for (const [each, played] of (await host.play(round)).entries()) {
          tally.kills.push(...played.kills)
          const failure = findFailure(round.steps[each]!.word, played)
          if (failure === undefined) continue
          tally.failures.push(`round ${at + 1} (${words}), step ${each + 1}: ${failure}\n${played.text}`)
          if (count > 1) console.log(`      ${host.manner}: ${tally.failures.at(-1)}`)
        }
      }
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

  function describeTallies(): string {
    const each = [...tallies].map(([manner, {failures, kills}]) => {
      return `${manner} ${failures.length} failures, KILL after ${kills.map((ms) => `${ms} ms`).join(', ') || '-'}`
    })
    return each.join('; ')
  }
})
