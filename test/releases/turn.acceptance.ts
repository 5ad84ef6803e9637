/**
 * Where CI is set: the demo and some of the cases on another release than this host's, each day another one. sid is
 * looked at as well, but what is so there today fails nobody.
 */
import assert from 'node:assert/strict'
import {failuresOf} from '../acceptance/again.ts'
import {whyNoHost} from '../acceptance/host.ts'
import {build, countTests, demo, hostsRelease, mocha, type Run, releaseInTurn, runIn} from './rooms.ts'

const name = releaseInTurn(hostsRelease(), new Date())
/** Of all cases, each day others: a minute's worth. */
const share = 40

describe(`another release: ${name}`, function () {
  this.timeout('60m')

  before(function () {
    if (!process.env.CI) this.skip()
    const [why] = [whyNoHost(), ...build([name])].filter((each) => each !== undefined)
    if (why === undefined) return
    console.log(`    skipped: ${why}`)
    this.skip()
  })

  it('shows the demo', () => hold(runIn(name, demo)))

  it(`is answered as its own postmulti(1) answers: a ${share}th of the cases`, () => {
    const day = Math.floor(Date.now() / 86_400_000)
    const run = runIn(name, mocha('test/acceptance/classic.acceptance.ts'), {
      CASES_SHARE: `${day % share}/${share}`,
      SEQUENCES: '0',
    })
    hold(run)
    console.log(`      ${countTests(run.output).passing} cases`)
  })

  function hold({isRight, output}: Run): void {
    const end = failuresOf(output)
    if (name !== 'sid') assert.ok(isRight, end)
    else if (!isRight) console.log(end)
  }
})
