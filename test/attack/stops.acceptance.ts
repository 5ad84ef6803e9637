/**
 * An attacker who always wins: the program is stopped before a call, what the call names is replaced, and it goes on.
 * ATTACK=whole does so at every point of every action; else chance chooses for as many seconds as ATTACK says.
 * ATTACK_SEED repeats the choices of an earlier run, ATTACK_SHARE takes a part of the whole, and ATTACK_ONLY keeps to the
 * scenarios whose title holds it.
 */
import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {makeChance} from '../acceptance/chance.ts'
import {onThrowAwayHost} from '../acceptance/inside.ts'
import {listCanaries, makeCanaries} from './canary.ts'
import type {Order, Point, Target, Way} from './order.ts'
import {type Scenario, scenarios} from './scenarios.ts'
import {judge, keepHost, listPoints, prepareHost, runUnder, scratch} from './victim.ts'

const whole = process.env.ATTACK === 'whole'
const seconds = Number(process.env.ATTACK ?? 15)
const seed = Number(process.env.ATTACK_SEED ?? Date.now() % 1_000_000)
/** Of the tries of the whole. */
const share = Number(process.env.ATTACK_SHARE ?? 1)
const only = process.env.ATTACK_ONLY ?? ''

/** What recovers, without a change of its own. */
const recovery = '-i postfix-next -G mta -e assign'.split(' ')

interface Stage {
  title: string
  words: string[]
  socket?: string | undefined
  restore: () => unknown
  points: Point[]
}

interface Try {
  point: number
  at: Point
  swap: NonNullable<Order['swap']>
  target: Target
}

interface Tally {
  points: Set<number>
  changing: Set<number>
  tries: number
  canary: number
  other: number
}

onThrowAwayHost(import.meta.filename, 'an attacker who always wins', attack, whole ? 600 : 5)

function attack() {
  const chance = makeChance(seed)
  const tallies = new Map<string, Tally>()
  const failures: string[] = []
  let restoreHost: () => void

  before(async () => {
    console.log(`      ATTACK_SEED=${seed}`)
    await prepareHost()
    makeCanaries()
    restoreHost = keepHost()
  })

  it('gets nothing at any point of any action', async () => {
    const until = performance.now() + seconds * 1000
    const chosen = scenarios.filter(({title}) => title.includes(only))
    if (whole) for (const each of chosen) await attackWhole(each)
    else while (performance.now() < until) await attackSome(pick(chosen), until)
    tell()
    assert.deepEqual(failures.slice(0, 300), [])
  })

  async function attackWhole(scenario: Scenario): Promise<void> {
    for await (const stage of stagesOf(scenario, [0.5, 1])) {
      for (const each of triesAt(stage)) if (chance() < share) await attempt(stage, each)
      console.log(`      ${line(stage.title, tallyOf(stage.title))}`)
    }
  }

  /** One of its stages, and some points of that. */
  async function attackSome(scenario: Scenario, until: number): Promise<void> {
    const wanted = scenario.aside ? 0 : Math.floor(chance() * 3)
    let at = 0
    for await (const stage of stagesOf(scenario, [chance()])) {
      if (at++ < wanted) continue
      const tries = triesAt(stage)
      for (let count = 0; count < 12 && tries.length > 0 && performance.now() < until; count++)
        await attempt(stage, pick(tries))
      return
    }
  }

  /** The action, the recovery after it was killed here and there, and its undo. */
  async function* stagesOf({title, given, words, aside, socket}: Scenario, kills: number[]): AsyncGenerator<Stage> {
    restoreHost()
    await given?.()
    const restore = keepHost()
    const action = await listStage({title, words, socket, restore})
    if (!aside) assert.ok(countChanges() > 0, `${title} changes something`)
    yield action
    if (aside) return
    // Not from an archive, where files would not be those that the journal knows.
    const again = async (order: Pick<Order, 'kill'>): Promise<void> => {
      restore()
      await runUnder(order, words)
    }
    const changes = action.points.filter((each) => each.changes)
    for (const each of kills) {
      const kill = changes[Math.ceil(each * changes.length) - 1]?.change
      if (kill === undefined) continue
      const when = each === 1 ? 'after' : 'in the middle'
      yield await listStage({title: `${title}: recovery ${when}`, words: recovery, restore: () => again({kill})})
    }
    yield await listStage({title: `${title}: undo`, words: ['undo', '--yes'], restore: () => again({})})
  }

  async function listStage(stage: Omit<Stage, 'points'>): Promise<Stage> {
    await stage.restore()
    const {points, outcome} = await listPoints(stage.words, stage.socket)
    assert.equal(outcome.status, 0, `${stage.title}: ${outcome.stderr.join('\n')}`)
    return {...stage, points}
  }

  function triesAt({points}: Stage): Try[] {
    return points.flatMap((at, index) =>
      at.targets.flatMap((target) => {
        const {argument, depth} = target
        // A program that reads from a FIFO is ended after a minute: only the whole has the time.
        const ways = waysOf(target).filter(({way}) => whole || way !== 'fifo' || !at.call.startsWith('spawn'))
        return ways.map(({way, back}): Try => {
          return {point: index + 1, at, target, swap: {point: index + 1, argument, depth, way, back}}
        })
      }),
    )
  }

  async function attempt({title, words, socket, restore}: Stage, {point, at, target, swap}: Try): Promise<void> {
    await restore()
    const expected = `${scratch}/expected`
    const before = listCanaries()
    const outcome = await runUnder({swap, expected}, words, socket)
    const hit = existsSync(expected)
    const wrong = await judge(outcome, hit ? JSON.parse(readFileSync(expected, 'utf8')).canaries : before)
    const tally = tallyOf(title)
    tally.tries++
    tally.points.add(point)
    if (at.changes) tally.changing.add(point)
    if (wrong.some((each) => /^(?:canary|journal|leak)/.test(each))) tally.canary++
    else if (wrong.length > 0) tally.other++
    const {way, back} = swap
    const where = `${title}: ${point} ${at.call} ${target.path} (${target.is}) -> ${way}${back ? ' and back' : ''}${hit ? '' : ' (not reached)'}`
    for (const each of wrong) failures.push(`${where}: ${each}`)
  }

  function tallyOf(title: string): Tally {
    const tally = tallies.get(title) ?? {points: new Set(), changing: new Set(), tries: 0, canary: 0, other: 0}
    tallies.set(title, tally)
    return tally
  }

  function tell(): void {
    const all = [...tallies.values()]
    const sum = (count: (tally: Tally) => number): number => all.reduce((total, each) => total + count(each), 0)
    console.log(`      ${'action'.padEnd(60)} points (changing)   tries  canary touched  other faults`)
    for (const [title, tally] of tallies) console.log(`      ${line(title, tally)}`)
    const total = {
      points: sum(({points}) => points.size),
      changing: sum(({changing}) => changing.size),
      tries: sum(({tries}) => tries),
      canary: sum(({canary}) => canary),
      other: sum(({other}) => other),
    }
    console.log(`      ${format('all', total)}`)
  }

  function pick<T>(from: T[]): T {
    return from[Math.floor(chance() * from.length)]!
  }
}

function countChanges(): number {
  const journal = '/var/lib/postmulti/journal'
  return existsSync(journal) ? readdirSync(journal).length : 0
}

function line(title: string, {points, changing, ...rest}: Tally): string {
  return format(title, {...rest, points: points.size, changing: changing.size})
}

function format(title: string, count: Record<'points' | 'changing' | 'tries' | 'canary' | 'other', number>): string {
  const numbers = [`${count.points} (${count.changing})`, `${count.tries}`, `${count.canary}`, `${count.other}`]
  const widths = [17, 8, 16, 14]
  return title.padEnd(60) + numbers.map((each, at) => each.padStart(widths[at]!)).join('')
}

/** A link for the one call also deceives who looks again afterwards. */
function waysOf({is}: Target): {way: Way; back: boolean}[] {
  const ways: Way[] = is === 'directory' ? ['link', 'fifo', 'directory'] : ['link', 'hard link', 'fifo', 'directory']
  return [...ways.map((way) => ({way, back: false})), {way: 'link', back: true}]
}
