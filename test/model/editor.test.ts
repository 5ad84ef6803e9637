import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {type Edit, editMainCf, entriesOf} from '../../src/model/editor.ts'

describe('main.cf editor', () => {
  const rows: [title: string, before: string, edit: Edit, after: string][] = [
    ['replaces a value', 'a = 1\nb = 2\n', {set: {a: '3'}}, 'a = 3\nb = 2\n'],
    ['rewrites a value that is the same', 'a=1\n', {set: {a: '1'}}, 'a = 1\n'],
    ['appends in the order of the request', '', {set: {z: '1', a: '2', m: '3'}}, 'z = 1\na = 2\nm = 3\n'],
    ['ends the last line before it appends', '# end', {set: {a: '1'}}, '# end\na = 1\n'],
    ['leaves the last line unterminated when nothing is appended', 'a = 1\nb = 2', {set: {a: '3'}}, 'a = 3\nb = 2'],
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
    ['comments out every duplicate', 'a = 1\nb = 2\na = 3', {comment: ['a', 'c']}, '#a = 1\nb = 2\n#a = 3'],
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

  it('gives the same bytes as postconf -e, -X and -#', function () {
    if (spawnSync('postconf', ['-d', 'mail_version']).status !== 0) this.skip()
    this.timeout(60_000)
    const directory = mkdtempSync(join(tmpdir(), 'editor-'))
    const seed = Date.now() % 2 ** 31
    try {
      const endsLastLine = runPostconf(directory, 'b = 1', ['-e', 'a = 1']) === 'b = 1\na = 1\n'
      fc.assert(
        fc.property(mainCf, request, (text, {option, names, value}) => {
          const appends = option === '-e' && names.some((each) => entriesOf(text, each) === '')
          // Older releases glue what they append to an unterminated last line.
          const original = appends && !endsLastLine && !/^$|\n$/.test(text) ? `${text}\n` : text
          const words = names.map((each) => (option === '-e' ? `${each} = ${value}` : each))
          const real = runPostconf(directory, original, [option, ...words])
          const set = Object.fromEntries(names.map((each) => [each, value]))
          const edit = {'-e': {set}, '-X': {remove: names}, '-#': {comment: names}}[option]
          const ours = editMainCf(text, edit)
          assert.equal(ours.length, real.length)
          // Only the order of what is appended may differ.
          if (appends) assert.deepEqual(ours.split('\n').sort(), real.split('\n').sort())
          else assert.equal(ours, real)
        }),
        {seed, numRuns: 400},
      )
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, {cause: error})
    } finally {
      rmSync(directory, {recursive: true})
    }
  })
})

const pieces = [
  'a',
  'b',
  'ab',
  'c',
  '#',
  '=',
  ' ',
  '\t',
  '\n',
  '\n',
  '\r',
  '\v',
  '\f',
  'x',
  '1',
  '\xa0',
  '\xff',
  '$',
  ' = ',
  '\n ',
]
// postconf takes the byte 0xFF for the end of the file, and loses the line, where no newline follows it.
const mainCf = fc
  .array(fc.constantFrom(...pieces), {maxLength: 40})
  .map((each) => each.join('').replace(/\xff$/, '\xff\n'))
const request = fc.record({
  option: fc.constantFrom('-e' as const, '-X' as const, '-#' as const),
  names: fc.uniqueArray(fc.constantFrom('a', 'b', 'ab', 'c', 'new'), {minLength: 1, maxLength: 4}),
  value: fc.constantFrom('', '1', ' 1  2 ', 'x = y', '# no comment', '\t1\r', '$a'),
})

/** main.cf after postconf has edited it; latin1. Editing evaluates nothing, so any text will do. */
function runPostconf(directory: string, text: string, words: string[]): string {
  writeFileSync(`${directory}/main.cf`, text, 'latin1')
  const {status, stderr} = spawnSync('postconf', ['-c', directory, ...words], {encoding: 'latin1'})
  assert.equal(status, 0, stderr)
  return readFileSync(`${directory}/main.cf`, 'latin1')
}
