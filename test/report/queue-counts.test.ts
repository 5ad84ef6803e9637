/** How much mail each instance holds, as people see it. */
import assert from 'node:assert/strict'
import {describeSince, type Held, toHeldTable, toTotalJson} from '../../src/report/queue-counts.ts'
import {broken, primary, secondary} from '../values.ts'

const none = {maildrop: 0, incoming: 0, active: 0, deferred: 0, hold: 0, corrupt: 0}
const empty: Held = {instance: primary, queued: none, oldest: null, growth: 0}
const full: Held = {
  instance: secondary('postfix-out'),
  queued: {...none, deferred: 120, hold: 3},
  oldest: new Date(2026, 10, 25, 4, 10),
  growth: 20,
}
const older: Held = {
  instance: secondary('postfix-in'),
  queued: {...none, active: 7},
  oldest: new Date(2026, 10, 24, 23, 5),
  growth: -25,
}
const unseen: Held = {instance: secondary('postfix-x'), queued: null, oldest: null, growth: null}

describe('queue counts', () => {
  it('are a row for each instance, and one for all of them with the oldest of all', () => {
    assert.deepEqual(lines([empty, full, older], false), [
      'NAME MAILDROP INCOMING ACTIVE DEFERRED HOLD CORRUPT TOTAL OLDEST CONFIG_DIRECTORY',
      '- 0 0 0 0 0 0 0 - /etc/postfix',
      'postfix-out 0 0 0 120 3 0 123 2026-11-25 04:10 /etc/postfix-out',
      'postfix-in 0 0 7 0 0 0 7 2026-11-24 23:05 /etc/postfix-in',
      'total 0 0 7 120 3 0 130 2026-11-24 23:05',
    ])
  })

  it('of a single instance need no sum', () => {
    assert.equal(lines([full], false).length, 2)
  })

  it('tell by how much each instance has grown or shrunk, and all of them together', () => {
    const growth = lines([full, older], true).map((each) => each.split(' ')[8])
    assert.deepEqual(growth, ['GROWTH', '+20', '-25', '-5'])
  })

  it('have no common growth when one of them has none, as one has that was created since then', () => {
    const growth = lines([full, {...older, growth: null}], true).map((each) => each.split(' ')[8])
    assert.deepEqual(growth, ['GROWTH', '+20', '?', '?'])
  })

  const ages: [seconds: number, age: string][] = [
    [0, '0 seconds'],
    [1.2, '1 second'],
    [119, '119 seconds'],
    [120, '2 minutes'],
    [7199, '119 minutes'],
    [86_400, '24 hours'],
    [5 * 86_400, '5 days'],
    // Somebody has set the clock.
    [-60, '0 seconds'],
  ]
  for (const [seconds, age] of ages) {
    it(`have grown since ${age} ago when that was ${seconds} seconds ago`, () => {
      const since = new Date(2026, 10, 25, 4, 10)
      assert.equal(
        describeSince(since, new Date(since.getTime() + seconds * 1000)),
        `Growth since 2026-11-25 04:10, ${age} ago`,
      )
    })
  }

  it('that nobody may see are no zeros, and have no sum', () => {
    const [, one, , sum] = lines([unseen, full], false)
    assert.equal(one, 'postfix-x ? ? ? ? ? ? ? - /etc/postfix-x')
    assert.equal(sum, 'total ? ? ? ? ? ? ? 2026-11-25 04:10')
    assert.equal(toTotalJson([unseen, full]), null)
  })

  it('of an instance that cannot be read are unknown, with the reason', () => {
    const table = toHeldTable([full], [broken('/etc/postfix-bad')], false, plain)
    assert.match(table, /\? +\? +\/etc\/postfix-bad +\/etc\/postfix-bad\/main\.cf, line 7: /)
  })

  it('are summed up by queue', () => {
    assert.deepEqual(toTotalJson([full, older]), {...none, active: 7, deferred: 120, hold: 3})
  })
})

const plain = {width: undefined, paint: (_: unknown, text: string): string => text}

function lines(held: Held[], hasGrowth: boolean): string[] {
  return toHeldTable(held, [], hasGrowth, plain)
    .split('\n')
    .map((each) => each.split(/ +/).join(' ').trim())
}
