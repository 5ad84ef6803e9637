import assert from 'node:assert/strict'
import {hostname} from 'node:os'
import {defaultMyhostname, isCompatibilityLevel, OwnHost} from '../../../src/postfix/reader/run-time.ts'

describe('a compatibility level', () => {
  for (const right of ['0', '2', '3.6', '3.10', '3.6.1', '999.999.999']) {
    it(`may be ${right}`, () => assert.ok(isCompatibilityLevel(right)))
  }

  for (const doubtful of [
    '',
    '.',
    '3.',
    '.6',
    '3.6.1.2',
    '1000',
    '-1',
    '+1',
    '03',
    '1e2',
    '0x3',
    ' 3',
    '3 ',
    'three',
  ]) {
    it(`is for Postfix to judge as '${doubtful}'`, () => assert.ok(!isCompatibilityLevel(doubtful)))
  }
})

describe('the default of myhostname', () => {
  it("begins with the host's own name", () => {
    assert.ok(defaultMyhostname('example.com', new OwnHost()).startsWith(hostname()))
  })
})
