/**
 * Hosts on which nothing is wrong: `check` finds no error and no warning, and Postfix itself agrees. SOUND sets how many
 * are tried: a number, or all; SOUND_SEED repeats an earlier choice.
 */
import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import type {Finding} from '../../src/model/change/finding.ts'
import {makeChance} from '../acceptance/chance.ts'
import {antedate, onThrowAwayHost, postmulti, saveHost, sh} from '../acceptance/inside.ts'
import {prelude, soundHosts} from './sound-hosts.ts'

const all = Object.entries(soundHosts)
const {SOUND = '5'} = process.env
const seed = Number(process.env.SOUND_SEED ?? Date.now() % 1_000_000)

onThrowAwayHost(import.meta.filename, 'a sound host', defineSoundHosts, 20)

function defineSoundHosts() {
  let restore: () => void
  before(() => {
    restore = saveHost()
  })
  afterEach(() => restore())

  for (const [what, script] of SOUND === 'all' ? all : choose(Number(SOUND))) {
    it(`${what}: nothing is found (SOUND_SEED=${seed})`, async () => {
      writeFileSync('/run/sound', `${prelude}${script}\n`)
      sh('sh /run/sound >/run/sound.log 2>&1 || { cat /run/sound.log >&2; exit 1; }')
      antedate()
      const {stdout} = await postmulti('check --json')
      const {findings}: {findings: Finding[]} = JSON.parse(stdout)
      const alarms = findings.filter(({severity}) => severity !== 'advice')
      assert.deepEqual(
        alarms.map(({rule, message}) => `${rule}: ${message}`),
        [],
      )
    })
  }
}

function choose(count: number): [string, string][] {
  const chance = makeChance(seed)
  const left = [...all]
  return Array.from({length: Math.min(count, all.length)}, () => left.splice(Math.floor(chance() * left.length), 1)[0]!)
}
