import assert from 'node:assert/strict'
import {countTests, releaseInTurn, releases} from './rooms.ts'

describe('the releases that are tested', () => {
  for (const host of [...releases, 'noble', '']) {
    it(`come in turn, each day another one, on a host that is ${host || 'no Debian'}`, () => {
      const days = releases.filter((each) => each !== host)
      const seen = days.map((_, at) => releaseInTurn(host, new Date(Date.UTC(2026, 10, 1 + at))))
      assert.deepEqual(seen.sort(), days.sort())
    })
  }

  it('are counted over several reports of mocha', () => {
    const report = (passing: number) =>
      `  title\n    ✔ it\n    700 equal\n    14 different on purpose\n\n  ${passing} passing (3m)\n`
    const output = `${report(714)}${report(3)}  2 failing\n\n  1) it:\n     99 equal\n`
    assert.deepEqual(countTests(output), {passing: 717, failing: 2, equal: 1400, onPurpose: 28})
  })
})
