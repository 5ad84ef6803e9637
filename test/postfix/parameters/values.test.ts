import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {readValues} from '../../../src/postfix/parameters/values.ts'
import {builtInDefaults} from '../../../src/postfix/reader/defaults.ts'
import type {Primary} from '../../../src/postfix/reader/primary.ts'

const names = ['myhostname', 'mydomain', 'myorigin', 'smtpd_banner', 'inet_interfaces']
const rows: [title: string, mainCf: string][] = [
  ['nothing is set', ''],
  ['the name of the host is set', 'myhostname = MX1.example.com'],
  ['only the domain is set', 'mydomain = example.com'],
  ['one is made of the other', 'mydomain = example.com\nmyhostname = mx.$mydomain'],
  ['both are used', 'myorigin = $myhostname\nsmtpd_banner = $mydomain'],
]

describe('values of any parameters, read without postconf', () => {
  let directory: string

  before(function () {
    if (!existsSync('/usr/sbin/postconf')) this.skip()
  })
  beforeEach(() => {
    directory = mkdtempSync(`${tmpdir()}/values-`)
  })
  afterEach(() => rmSync(directory, {recursive: true}))

  for (const [title, mainCf] of rows) {
    it(`are those that it prints when ${title}`, () => {
      for (const [file, text] of [
        ['main.cf', `${mainCf}\n`],
        ['master.cf', ''],
      ] as const) {
        writeFileSync(`${directory}/${file}`, text)
        utimesSync(`${directory}/${file}`, 1, 1)
      }
      const {stdout} = spawnSync('/usr/sbin/postconf', ['-xhc', directory, ...names], {encoding: 'utf8'})
      // Where it is not, it cannot be asked.
      const primary = {defaults: builtInDefaults(), parameter: () => '/nowhere'} as unknown as Primary
      const [values] = readValues([directory], names, primary)
      assert.equal(names.map((each) => `${values!.get(each)}\n`).join(''), stdout)
    })
  }
})
