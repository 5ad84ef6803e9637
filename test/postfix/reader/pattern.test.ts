import assert from 'node:assert/strict'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {matchPattern, toPattern} from '../../../src/postfix/reader/pattern.ts'
import {emptyMemory, readNatively} from '../../../src/postfix/reader/secondary.ts'
import {defaults} from './some-defaults.ts'

describe('a main.cf that is like another', () => {
  const text = '# multi_instance_name = x\nmulti_instance_name = postfix-in\nmail_name=a b\nmail_version =\n'
  const settings = new Map([
    ['multi_instance_name', 'postfix-in'],
    ['mail_name', 'a b'],
    ['mail_version', ''],
  ])
  const {names, ...pattern} = toPattern(text, settings, [])
  const match = (other: string): string[] | undefined => matchPattern({names, ...pattern}, Buffer.from(other, 'latin1'))

  it('may differ in settings that are a word', () => assert.deepEqual(names, ['multi_instance_name', 'mail_version']))
  it('may differ in no setting that is fixed', () =>
    assert.deepEqual(toPattern(text, settings, ['mail_version']).names, ['multi_instance_name']))
  it('may be the same', () => assert.deepEqual(match(text), ['postfix-in', '']))
  it('has longer and shorter words', () =>
    assert.deepEqual(match(text.replace('postfix-in', '-').replace('version =', 'version =3.7')), ['-', '3.7']))

  const others: [what: string, from: string, to: string][] = [
    ['what no word can be', 'postfix-in', 'postfix in'],
    ['a reference', 'postfix-in', '$mail_name'],
    ['a database', 'postfix-in', 'mysql'],
    ['another value that is no word', 'a b', 'a c'],
    ['another comment', '# m', '# n'],
    ['more at the end', 'version =\n', 'version =\n\n'],
    ['less at the end', 'version =\n', 'version ='],
  ]
  for (const [what, from, to] of others) {
    it(`has not ${what}`, () => assert.equal(match(text.replace(from, to)), undefined))
  }
})

describe('an instance that is like one that was read before', () => {
  let directory: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'pattern-'))
  })
  afterEach(() => rmSync(directory, {recursive: true}))

  const rows: [what: string, model: string, other: string, master?: string][] = [
    [
      'its own words',
      'multi_instance_name = a\nmulti_instance_group = b',
      'multi_instance_name = c\nmulti_instance_group = b',
    ],
    ['a fault in a word', 'multi_instance_enable = no', 'multi_instance_enable = maybe'],
    [
      'a value made of another',
      'mail_name = a\nmulti_instance_group = $mail_name',
      'mail_name = b\nmulti_instance_group = $mail_name',
    ],
    [
      'a default made of a word',
      'multi_instance_name = a\nmulti_instance_group = $syslog_name',
      'multi_instance_name = b\nmulti_instance_group = $syslog_name',
    ],
    ['an address of another host', 'inet_interfaces = all', 'inet_interfaces = 192.0.2.77'],
    [
      'such an address, named by another setting',
      'mail_name = all\ninet_interfaces = $mail_name',
      'mail_name = 192.0.2.77\ninet_interfaces = $mail_name',
    ],
    ['a level that is none', 'compatibility_level = 3.6', 'compatibility_level = x'],
    [
      'a level that is none in a comparison',
      'mail_name = 3.6\nsmtpd_banner = ${{$mail_name} >=level {2} ? {a} : {b}}',
      'mail_name = x\nsmtpd_banner = ${{$mail_name} >=level {2} ? {a} : {b}}',
    ],
    ['one of two settings of a name changed', 'mail_name = a\nmail_name = a', 'mail_name = a\nmail_name = b'],
    [
      'a continued value',
      'mail_name = a\nmulti_instance_group = b\n  c',
      'mail_name = a\nmulti_instance_group = d\n  c',
    ],
    ['text to remark', '  x = y\nmail_name = a', '  x = y\nmail_name = b'],
    ['another master.cf', 'mail_name = a', 'mail_name = a', 'x unix - n n - - smtpd -o smtpd_banner=$nosuch\n'],
  ]
  for (const [what, model, other, master = ''] of rows) {
    it(`is read as it would be alone: ${what}`, () => {
      const memory = emptyMemory()
      lay(model, '')
      readNatively(directory, defaults, memory)
      lay(other, master)
      assert.deepEqual(readNatively(directory, defaults, memory), readNatively(directory, defaults))
    })
  }

  it('is not read as the one that has become a model when that has changed', () => {
    const memory = emptyMemory()
    const groups = ['one', 'two', 'one'].map((group) => {
      lay(`multi_instance_group = ${group}`, '')
      const reading = readNatively(directory, defaults, memory)
      assert(reading !== 'unsure' && 'multi_instance_group' in reading.listed)
      return reading.listed.multi_instance_group
    })
    assert.deepEqual(groups, ['one', 'two', 'one'])
  })

  function lay(main: string, master: string): void {
    writeFileSync(`${directory}/main.cf`, `${main}\n`, 'latin1')
    writeFileSync(`${directory}/master.cf`, master, 'latin1')
  }
})
