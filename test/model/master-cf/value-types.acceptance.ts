/**
 * What the table of types says of a value is what the programs of the installed Postfix do with it. VALUES is the number of
 * parameters, their names, or `all`; VALUES_SEED repeats a choice.
 */
import assert from 'node:assert/strict'
import {allowedWords, judgeValue, typesOf} from '../../../src/model/master-cf/judge-value.ts'
import {valueRows} from '../../../src/model/master-cf/value-types.ts'
import {makeChance} from '../../acceptance/chance.ts'
import {lastWords, startAll, startLogger} from '../../acceptance/daemons.ts'
import {onThrowAwayHost, sh} from '../../acceptance/inside.ts'

const wanted = process.env.VALUES ?? '40'
const seed = Number(process.env.VALUES_SEED ?? Date.now() % 100_000)

onThrowAwayHost(import.meta.filename, 'types of values', checkTypes)

interface Try {
  program: string
  name: string
  value: string
}

function checkTypes() {
  let there: Map<string, string>
  let chosen: Set<string>
  const defaultOf = (name: string) => there.get(name)

  before(() => {
    startLogger()
    const lines = sh('postconf -d')
      .split('\n')
      .map((each) => each.split(' = '))
    const chance = makeChance(seed)
    const names = valueRows.flatMap(typesOf).map(([name]) => name)
    const share = wanted === 'all' ? 1 : Number(wanted) / names.length
    chosen = new Set(Number.isNaN(share) ? wanted.split(',') : names.filter(() => chance() < share))
    there = new Map(lines.map(([name = '', ...value]) => [name.replace(/ =$/, ''), value.join(' = ')]))
  })

  it('every program that reads a value of another kind ends when it starts', async () => {
    const tries = allTries().filter(({name, value}) => judgeValue(name, value, defaultOf)?.certain)
    const words = await startAll(tries, ({program, name, value}) => lastWords(program, {[name]: value}))
    const survived = tries.flatMap((each, at) => (words[at] === '' ? [tell(each)] : []))
    tellHowMany(tries)
    assert.deepEqual(survived, [])
  })

  it('every program serves with values of the right kind', async () => {
    const right = allTries().filter(
      ({name, value}) => isServed(name, value) && judgeValue(name, value, defaultOf) === undefined,
    )
    // Several parameters at once, each with one of its values.
    const rounds: Try[][] = []
    for (const each of right) {
      const free = rounds.find((all) => {
        return all[0]?.program === each.program && !all.some(({name}) => name === each.name)
      })
      if (free === undefined) rounds.push([each])
      else free.push(each)
    }
    const words = await startAll(rounds, (all) => {
      return lastWords(all[0]?.program ?? '', Object.fromEntries(all.map(({name, value}) => [name, value])))
    })
    const died = rounds.flatMap((all, at) => (words[at] === '' ? [] : [`${words[at]}: ${all.map(tell).join(', ')}`]))
    tellHowMany(right)
    assert.deepEqual(died, [])
  })

  /** One second is too short for a watchdog; what some text has to be is another question; and one parameter hides another. */
  function isServed(name: string, value: string): boolean {
    return (
      !(name.endsWith('daemon_timeout') && value === '1s') && value !== 'x' && name !== 'sun_mailtool_compatibility'
    )
  }

  /** Of each reader of each parameter that this release has. */
  function allTries(): Try[] {
    return valueRows.flatMap((row) =>
      typesOf(row).flatMap(([name, {least, most}]) => {
        if (!there.has(name) || !chosen.has(name)) return []
        const programs = row.readers === '*' ? ['discard'] : row.readers.split(' ')
        const bounds = [least, least && least - 1, most, most && most + 1].filter((each) => each !== undefined)
        const words = allowedWords({...row, words: row.words ?? ''}, '9.9')
        const values = {
          boolean: ['yes', 'NO', 'true', '1', ''],
          number: ['600', '+12300', 'x', '5 6', '10k', '2147483648', '', ...bounds],
          size: ['600', '3000000000', '50M', '99999999999999999999', ''],
          time: ['10', '10s', '1h', '1minute', '5 m', '10x', 'none', '3551w', '', ...bounds.map((each) => `${each}s`)],
          text: ['x', ''],
          word: [...words, ...words.map((each) => each.toUpperCase()), 'maybe', ''],
          words: [...words, words.join(', '), 'maybe', `${words[0]} maybe`, ''],
        }[row.kind].map(String)
        return programs.flatMap((program) => values.map((value) => ({program, name, value})))
      }),
    )
  }
}

function tellHowMany(tries: readonly Try[]): void {
  const parameters = new Set(tries.map(({name}) => name)).size
  console.info(`      VALUES_SEED=${seed}: ${tries.length} values of ${parameters} parameters`)
}

function tell({program, name, value}: Try): string {
  return `${program}: ${name} = ${value}`
}
