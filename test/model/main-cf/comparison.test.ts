/** What makes one main.cf different from another. */
import assert from 'node:assert/strict'
import {compareSettings} from '../../../src/model/main-cf/comparison.ts'

describe('comparison of settings', () => {
  it('tells what either of the two sets unlike the other, by name', () => {
    const own = new Map([
      ['same', 'x'],
      ['here', ''],
      ['both', 'a'],
    ])
    const others = new Map([
      ['same', 'x'],
      ['both', 'b'],
      ['there', 'y'],
    ])
    assert.deepEqual(compareSettings(own, others, []), [
      {name: 'both', value: 'a', other: 'b'},
      {name: 'here', value: '', other: null},
      {name: 'there', value: null, other: 'y'},
    ])
  })

  it('skips what is of no interest', () => {
    assert.deepEqual(compareSettings(new Map([['queue_directory', 'x']]), new Map(), ['queue_directory']), [])
  })
})
