/** Each row was tried on master(8) and smtp(8) of Postfix 3.7: what it started them with, and what they said. */
import assert from 'node:assert/strict'
import {readOptions} from '../../../src/model/master-cf/options.ts'
import {readServiceLines} from '../../../src/model/master-cf/services.ts'
import {service} from '../../values.ts'

describe('services of master.cf', () => {
  it('have the line of their name, with what continues it', () => {
    const text = '# stock\n\nsmtp inet n - y - - smtpd\n# a comment\n  -o a=b\nqmgr unix n - n 300 1 qmgr\n'
    const found = readServiceLines(text).map(({name, line, words}) => [name, line, ...words])
    assert.deepEqual(found, [
      ['smtp', 3, '-o', 'a=b'],
      ['qmgr', 6],
    ])
  })

  it('have all eight fields', () => {
    const {name, type, ...fields} = service('smtp inet n p c 60? 5 smtpd')
    assert.deepEqual([name, type], ['smtp', 'inet'])
    assert.deepEqual([fields.private, fields.unprivileged, fields.chroot, fields.wakeup], ['n', 'p', 'c', '60?'])
    assert.deepEqual([fields.limit, fields.command], ['5', 'smtpd'])
  })

  it('are left out where a field is missing', () => {
    assert.deepEqual(readServiceLines('smtp unix - - n - -\n'), [])
  })

  const words: [behind: string, words: string[], fault?: string][] = [
    ['-o a=b', ['-o', 'a=b']],
    ['-o { a = b, c }', ['-o', 'a = b, c']],
    ['-o{a = b}', ['-o{a = b}']],
    ['-o a={b c} d', ['-o', 'a={b c}', 'd']],
    ['-o a={b c d', ['-o', 'a={b c d']],
    ['-o a}=b', ['-o', 'a}=b']],
    ['{ {a} b }', ['{a} b']],
    ['-o { a = b', ['-o'], `missing '}' in "{ a = b"`],
    ['-o {a=b}c', ['-o'], `syntax error after '}' in "{a=b}c"`],
  ]
  for (const [behind, expected, fault] of words) {
    it(`behind '${behind}' are ${expected.join(' | ')}${fault === undefined ? '' : `, then ${fault}`}`, () => {
      const found = service(`x unix - - n - - smtp ${behind}`)
      assert.deepEqual([found.words, found.fault], [expected, fault])
    })
  }
})

describe('options of a daemon', () => {
  const rows: [words: string[], settings: string, rest: string, fault?: string][] = [
    [['-o', 'a=b'], 'a=b', ''],
    [['-oa=b', '-v'], 'a=b', ''],
    [['-vo', 'a = b c '], 'a=b c', ''],
    [['-o', 'a=', 'b'], 'a=', 'b'],
    [['-o', 'a=b', '-o', 'a=c'], 'a=c', ''],
    [['-o', 'a=b', 'flags=DRhu', '-o', 'c=d'], 'a=b', 'flags=DRhu -o c=d'],
    [['-o', 'a=b', '--', '-v'], 'a=b', '-v'],
    [['-o', 'a=b', '-'], 'a=b', '-'],
    [['-o', 'a', '=', 'b'], '', '', `invalid "-o a" option value: missing '=' after attribute name`],
    [['-o', '=x'], '', '', 'invalid "-o =x" option value: missing attribute name'],
    [['-o', ''], '', '', 'invalid "-o " option value: missing attribute name'],
    [['-o'], '', '', 'invalid option: o'],
    [['-x'], '', '', 'invalid option: x'],
    [['-o{a', '=', 'b}'], '', '', `invalid "-o {a" option value: missing '=' after attribute name`],
  ]
  for (const [words, settings, rest, fault] of rows) {
    it(`'${words.join(' ')}' are ${settings || 'no settings'}${fault === undefined ? '' : `, then ${fault}`}`, () => {
      const found = readOptions(words)
      const set = [...found.settings].map(([name, value]) => `${name}=${value}`)
      assert.deepEqual([set.join(' '), found.rest.join(' '), found.fault], [settings, rest, fault])
    })
  }
})
