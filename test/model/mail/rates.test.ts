/** How often something happened within the last minute. */
import assert from 'node:assert/strict'
import {makeTally} from '../../../src/model/mail/rates.ts'

const none = {in: 0, sent: 0, deferred: 0, bounced: 0, rejected: 0}

describe('rates', () => {
  it('count the last sixty seconds, and each kind on its own', () => {
    const tally = makeTally()
    tally.begin('out', 1000)
    for (const second of [1000, 1040, 1040, 1099]) tally.add('out', 'sent', second)
    tally.add('out', 'bounced', 1099)
    assert.deepEqual(tally.rates('out', 1100), {...none, sent: 1, bounced: 1})
  })

  it('are for a whole minute, where half of one was watched', () => {
    const tally = makeTally()
    tally.begin('out', 1000)
    for (const second of [1001, 1002, 1003]) tally.add('out', 'in', second)
    assert.equal(tally.rates('out', 1030)?.in, 6)
  })

  it('are not thrown up by what happens in the first second', () => {
    const tally = makeTally()
    tally.begin('out', 1000)
    tally.add('out', 'in', 1000)
    assert.equal(tally.rates('out', 1000.2)?.in, 12)
  })

  it('are those of one instance alone', () => {
    const tally = makeTally()
    for (const each of ['out', 'in']) tally.begin(each, 1000)
    tally.add('out', 'in', 1050)
    assert.deepEqual(tally.rates('in', 1060), none)
  })

  it('are unknown where nobody has looked', () => {
    const tally = makeTally()
    tally.add('out', 'in', 1000)
    assert.equal(tally.rates('out', 1000), null)
  })
})
