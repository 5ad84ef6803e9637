import assert from 'node:assert/strict'
import {suggest} from '../../../src/model/base/suggestion.ts'

describe('a suggestion', () => {
  const none: string[] = []
  const rows: [title: string, words: string[], wanted: string[]][] = [
    [
      'has no word for an argument that nobody typed',
      suggest`sudo postmulti history ${none}`,
      ['sudo', 'postmulti', 'history'],
    ],
    ['has none in the middle either', suggest`a ${none} ${['b', 'c']} ${none} d`, ['a', 'b', 'c', 'd']],
    ['keeps a word in which there is nothing', suggest`a ${''} ${['']}`, ['a', '', '']],
    ['keeps what stands before a value in one word', suggest`a b=${'c d'}`, ['a', 'b=c d']],
  ]
  for (const [title, words, wanted] of rows) it(title, () => assert.deepEqual(words, wanted))
})
