import assert from 'node:assert/strict'
import {nearest, nearestInstances} from '../../../src/model/instance/nearest.ts'
import {primary, secondary} from '../../values.ts'

describe('nearest', () => {
  const words = ['start', 'status', 'stop', 'set', 'show', 'destroy', 'list', 'instances']
  const rows: [word: string, meant: string[]][] = [
    ['strat', ['start']],
    ['lits', ['list']],
    ['STOP', ['stop']],
    ['dest', ['destroy']],
    ['inst', ['instances']],
    ['stat', ['start', 'status']],
    ['nonsense', []],
    ['', []],
    // Of three letters two are wrong.
    ['out', []],
  ]
  for (const [word, meant] of rows) {
    it(`takes '${word}' for ${meant.join(' or ') || 'nothing'}`, () => {
      assert.deepEqual(nearest(word, words), meant)
    })
  }

  it('names no more than three', () => {
    assert.equal(nearest('ab', ['ab1', 'ab2', 'ab3', 'ab4']).length, 3)
  })

  it('finds an instance with and without its prefix', () => {
    const instances = [primary, secondary('postfix-out'), secondary('postfix-in')]
    assert.deepEqual(nearestInstances('otu', instances), ['postfix-out'])
    assert.deepEqual(nearestInstances('postfix-oot', instances), ['postfix-out'])
    assert.deepEqual(nearestInstances('/etc/postfx', instances), ['/etc/postfix'])
  })
})
