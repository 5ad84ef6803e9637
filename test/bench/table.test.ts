import assert from 'node:assert/strict'
import {toText} from '../../bench/table.ts'
import {results} from './results.ts'

const lines = toText(results)
  .split('\n')
  .map((line) => line.split(/ {2,}/))

describe('table of the benchmark', () => {
  it('has medians with quartiles, and how many times faster ours is', () => {
    assert.deepEqual(lines[2], [
      '-l',
      '1000',
      '3',
      '20 ms (20-20.5)',
      '50 ms (45-65)',
      '4000 ms (4000-4000)',
      '80 x',
      '2.50 x',
    ])
  })

  it('says when ours is slower', () => {
    assert.equal(lines[1]!.at(-2), '0.50 x')
  })

  it('has what is no time in its own unit', () => {
    assert.deepEqual(lines[4], ['peak memory of -l', '42 MB', '50.3 MB', '8 MB', '0.16 x', '1.20 x'])
  })

  it('has a dash where there is nothing to compare', () => {
    assert.deepEqual(lines[5], ['enrolled', '-', '20', '1', '0.05 x', '-'])
  })

  it('tells on what machine that was, and how busy it was', () => {
    assert.match(toText(results), /Node v24\.1\.2, Postfix 3\.7\.11, 2 x Z80, load 0\.9/)
  })
})
