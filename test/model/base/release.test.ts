import assert from 'node:assert/strict'
import {isRelease} from '../../../src/model/base/release.ts'

describe('a release of Postfix', () => {
  const rows: [mail_version: string, since: `${number}.${number}`, is: boolean][] = [
    ['3.10.13', '3.10', true],
    ['3.9.4', '3.10', false],
    ['3.11-20251230', '3.10', true],
    ['4.0.1', '3.10', true],
    ['2.11.3', '3.10', false],
    ['', '3.5', false],
  ]
  for (const [mail_version, since, is] of rows) {
    it(`'${mail_version}' is ${is ? '' : 'not '}${since} or newer`, () => {
      assert.equal(isRelease(mail_version, since), is)
    })
  }
})
