/** What a shell finds by the name of a directory, which it takes for a pattern. */
import assert from 'node:assert/strict'
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {alike} from '../../../src/postfix/survey/new-instance-facts.ts'

describe('a path that is a pattern', () => {
  let place: string
  before(() => {
    place = mkdtempSync(join(tmpdir(), 'postmulti-alike-'))
    for (const each of ['a*', 'ab', 'x[y]', '.hidden', 'deep/q1/pid']) mkdirSync(join(place, each), {recursive: true})
  })
  after(() => rmSync(place, {recursive: true}))

  const rows: [path: string, other: string | undefined][] = [
    ['ab', undefined],
    ['a*', 'ab'],
    ['a[b]', 'ab'],
    ['x?y]', 'x[y]'],
    ['[a]b', 'ab'],
    ['x[y]', undefined],
    ['xy*', undefined],
    ['a.*', undefined],
    ['*hidden', undefined],
    ['.h*', '.hidden'],
    ['d*/q?/pid', 'deep/q1/pid'],
    ['d*/q?/other', undefined],
    ['nowhere/*', undefined],
    ['(a*', undefined],
  ]
  for (const [path, other] of rows) {
    it(`${path} is ${other ?? 'nothing else'}`, () => {
      assert.equal(alike(`${place}/${path}`), other === undefined ? undefined : `${place}/${other}`)
    })
  }
})
