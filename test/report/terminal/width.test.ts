/** How wide a text is on a terminal. */
import assert from 'node:assert/strict'
import {columnsOf, pad, shorten} from '../../../src/report/terminal/width.ts'

describe('the width of a text', () => {
  const rows: [text: string, width: number][] = [
    ['', 0],
    ['postfix-out', 11],
    ['ä…', 2],
    // The same letter with its dots behind it.
    ['a\u0308', 1],
    ['日本', 4],
    ['ひらがな', 8],
    ['ｱ', 1],
    ['한글', 4],
    ['\u1112\u1161', 2],
    ['、！', 4],
    ['📬', 2],
    // A byte that is no UTF-8.
    ['\udcff', 1],
  ]
  for (const [text, width] of rows) {
    it(`is ${width} for ${JSON.stringify(text)}`, () => {
      assert.equal(columnsOf(text), width)
    })
  }
})

describe('a text that is too long', () => {
  const rows: [text: string, width: number, cut: string][] = [
    ['postfix-out', 11, 'postfix-out'],
    ['postfix-out', 8, 'postfix…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    // Half a letter would be in the next column.
    ['日本語', 4, '日…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ]
  for (const [text, width, cut] of rows) {
    it(`of ${width} columns is ${cut} for ${text}`, () => assert.equal(shorten(text, width), cut))
  }

  it('has blanks behind it where it is not', () => {
    assert.deepEqual([pad('日本', 6), pad('postfix', 6)], ['日本  ', 'postfix'])
  })
})
