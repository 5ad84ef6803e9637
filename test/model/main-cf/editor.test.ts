import assert from 'node:assert/strict'
import {type Edit, editMainCf} from '../../../src/model/main-cf/editor.ts'

describe('main.cf editor', () => {
  const rows: [title: string, before: string, edit: Edit, after: string][] = [
    ['replaces a value', 'a = 1\nb = 2\n', {set: {a: '3'}}, 'a = 3\nb = 2\n'],
    ['rewrites a value that is the same', 'a=1\n', {set: {a: '1'}}, 'a = 1\n'],
    ['appends in the order of the request', '', {set: {z: '1', a: '2', m: '3'}}, 'z = 1\na = 2\nm = 3\n'],
    ['ends the last line before it appends', '# end', {set: {a: '1'}}, '# end\na = 1\n'],
    ['ends an unterminated last line', 'a = 1\nb = 2', {set: {a: '3'}}, 'a = 3\nb = 2\n'],
    ['ends an unterminated last line where something is removed', 'a = 1\nb = 2', {remove: ['a']}, 'b = 2\n'],
    ['sets every duplicate', 'a = 1\nb = 2\na = 3\n', {set: {a: '4'}}, 'a = 4\nb = 2\na = 4\n'],
    ['drops the continuation of a replaced value', 'a = 1,\n  2\n\t3\nb = 2\n', {set: {a: '4'}}, 'a = 4\nb = 2\n'],
    [
      'keeps a comment between a line and its continuation',
      'a = 1\n # c\n\n 2\nb\n',
      {set: {a: '4'}},
      'a = 4\n # c\n\nb\n',
    ],
    ['keeps an indented first line', ' x\na = 1\n', {set: {a: '2'}}, ' x\na = 2\n'],
    ['takes a line without = as an entry', 'a b c\n', {set: {a: '2'}}, 'a = 2\n'],
    ['takes only a whole name', 'ab = 1\n', {set: {a: '2'}}, 'ab = 1\na = 2\n'],
    ['does not reuse a commented-out setting', '#a = 1\n', {set: {a: '2'}}, '#a = 1\na = 2\n'],
    ['leaves the trailing blank of an empty value', 'a = 1\n', {set: {a: ''}}, 'a = \n'],
    ['trims a value and keeps the blanks inside', '', {set: {a: ' \t1  2\r'}}, 'a = 1  2\n'],
    [
      'keeps bytes that are not UTF-8, and CRs',
      'c\xff\r\na = 1\r\n',
      {set: {a: '\xe9\xa0'}},
      'c\xff\r\na = \xe9\xa0\n',
    ],
    ['comments out an entry with its continuation', 'a = 1\n  2\nb = 3\n', {comment: ['a']}, '#a = 1\n#  2\nb = 3\n'],
    ['comments out every duplicate', 'a = 1\nb = 2\na = 3', {comment: ['a', 'c']}, '#a = 1\nb = 2\n#a = 3\n'],
    [
      'comments out before it sets',
      'a = 1\nb = 2\n',
      {comment: ['a'], set: {c: '3', a: '4'}},
      '#a = 1\nb = 2\nc = 3\na = 4\n',
    ],
    ['removes an entry, and keeps the comment inside it', 'a = 1\n# c\n  2\nb = 3\n', {remove: ['a']}, '# c\nb = 3\n'],
    ['changes nothing when nothing is asked', 'a=1', {}, 'a=1'],
  ]
  for (const [title, before, edit, after] of rows) {
    it(title, () => assert.equal(editMainCf(before, edit), after))
  }

  const refusals: [title: string, edit: Edit, message: RegExp][] = [
    ['a value of two lines', {set: {a: '1\n2'}}, /multi-line/],
    ['a name that begins a comment', {set: {'#a': '1'}}, /no comment/],
    ['a name with a blank', {comment: ['a b']}, /missing '='/],
    ['an empty name', {set: {'': '1'}}, /missing attribute name/],
  ]
  for (const [title, edit, message] of refusals) {
    it(`refuses ${title}`, () => assert.throws(() => editMainCf('a = 1\n', edit), message))
  }
})
