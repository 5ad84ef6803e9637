/** What the help and the manual page say of exit statuses. */
import assert from 'node:assert/strict'
import {exitStatusesOf} from '../../src/help/exit-statuses.ts'

const rows: [id: string, statuses: string, meaningOf1: RegExp][] = [
  ['queue', '0 1 2 3 4', /An instance cannot be read/],
  ['queue:count', '0 1 2 3 4', /An instance cannot be read/],
  ['queue:list', '0 1 2 3 4', /An instance cannot be read, or none that holds mail could be asked/],
  ['instances', '0 1 2 3', /An instance cannot be read/],
  ['flow', '0 1 2 3', /An instance cannot be read/],
  ['doctor', '0 1 2 3', /is not ready/],
  ['wait', '0 1 2 3', /The time was up before it was so/],
  ['instances:get', '0 1 2 3', /With --quiet: there is no such instance/],
]

describe('exit statuses in the help', () => {
  for (const [id, statuses, meaningOf1] of rows) {
    it(`of ${id} are ${statuses}`, () => {
      const found = exitStatusesOf({id, flags: {}, args: {}})
      assert.equal(found.map(([status]) => status).join(' '), statuses)
      assert.match(new Map(found).get('1') ?? '', meaningOf1)
    })
  }
})
