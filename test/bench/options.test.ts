import assert from 'node:assert/strict'
import {parseOptions} from '../../bench/options.ts'

const refused: [string, RegExp][] = [
  ['--quick --long', /exclude each other/],
  ['--rounds 0', /from 1 on, not '0'/],
  ['--rounds many', /from 1 on, not 'many'/],
  ['10 20', /not 10 and 20/],
  ['--fast', /--fast/],
]

describe('options of the benchmark', () => {
  it('are 10 rounds and up to 1000 instances, with all samples and the picture kept, when nothing is typed', () => {
    const {rounds, sizes, json, plot} = parseOptions([])
    assert.deepEqual({rounds, sizes}, {rounds: 10, sizes: [1, 10, 100, 1000]})
    assert.deepEqual({json, plot}, {json: 'bench/results/latest.json', plot: 'docs/bench.svg'})
  })

  it('write nothing with --quick', () => {
    const {json, plot} = parseOptions(['--quick'])
    assert.deepEqual({json, plot}, {json: undefined, plot: undefined})
  })

  it('write what --json names also with --quick', () => {
    assert.equal(parseOptions(['--quick', '--json', 'quick.json']).json, 'quick.json')
  })

  it('measure 5000 instances with --long', () => {
    assert.equal(parseOptions(['--long']).sizes.at(-1), 5000)
  })

  for (const words of ['--rounds 25', '25']) {
    it(`take the number of rounds from ${words}`, () => {
      assert.equal(parseOptions(words.split(' ')).rounds, 25)
    })
  }

  for (const [words, why] of refused) {
    it(`refuse ${words}`, () => {
      assert.throws(() => parseOptions(words.split(' ')), why)
    })
  }
})
