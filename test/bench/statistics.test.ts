import assert from 'node:assert/strict'
import {median, quantile, ratio} from '../../bench/statistics.ts'

describe('statistics of the benchmark', () => {
  it('has the middle one as median, as a number and not as text', () => {
    assert.equal(median([9, 100, 20]), 20)
  })

  it('has a median between the two middle ones', () => {
    assert.equal(median([4, 1, 3, 2]), 2.5)
  })

  it('has quartiles between the values', () => {
    assert.deepEqual(
      [0.25, 0.75].map((part) => quantile([10, 20, 30, 40, 50, 60], part)),
      [22.5, 47.5],
    )
  })

  it('has the one value as every quantile', () => {
    assert.deepEqual([quantile([7], 0.25), quantile([7], 0.75)], [7, 7])
  })

  it('leaves the order of the rounds alone', () => {
    const times = [3, 1, 2]
    median(times)
    assert.deepEqual(times, [3, 1, 2])
  })

  it('has no median of nothing', () => {
    assert.throws(() => median([]), RangeError)
  })

  // The quotient of the medians would be 40 / 20.
  it('compares what was measured in the same round, so that a busy machine slows both sides', () => {
    assert.equal(ratio([40, 400, 4], [10, 100, 20]), 4)
  })

  it('does not compare rounds that have no counterpart', () => {
    assert.throws(() => ratio([1, 2], [1]), RangeError)
  })
})
