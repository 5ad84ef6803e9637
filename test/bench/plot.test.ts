import assert from 'node:assert/strict'
import {toSvg} from '../../bench/plot.ts'
import {results} from './results.ts'

const svg = toSvg(results.timings)

describe('picture of the benchmark', () => {
  it('is an SVG file of its own', () => {
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  })

  it('names each side beside its line', () => {
    for (const side of ['bare node', 'ours', 'real']) assert.match(svg, new RegExp(`>${side}</text>`))
  })

  it('has a panel for each case that was measured, and for no other', () => {
    assert.deepEqual(
      [...svg.matchAll(/>(-[^<]*)<\/text>/g)].map(([, title]) => title),
      ['-l'],
    )
  })

  it('is the same when it is drawn again', () => {
    assert.ok(toSvg(results.timings) === svg)
  })
})
