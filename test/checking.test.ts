/** Rules that nobody has, and those that cannot be known. */
import assert from 'node:assert/strict'
import {checkKnownRules, findStrays} from '../src/checking.ts'
import type {Finding} from '../src/model/change/finding.ts'
import {refusalOf} from './refusal.ts'
import {listOf} from './values.ts'

const rules = [{id: 'name-shared', severity: 'error', because: ''} as const]
const fault: Finding = {
  rule: 'plugin-unusable',
  severity: 'error',
  instances: [],
  file: null,
  line: null,
  message: 'Rules of the plugin site-policy cannot be asked: it is gone',
  suggestions: [['mend', 'it']],
  fix: null,
}

describe('a rule that is not there', () => {
  it('is misspelt', () => {
    const refusal = refusalOf(() => checkKnownRules(['name-shred'], {rules, unusable: []}))
    assert.deepEqual([refusal.kind, refusal.misnamed?.nearest], ['not found', ['name-shared']])
    assert.equal(strays([]).length, 1)
  })

  it('is no misspelling where a plugin that may bring it cannot be asked', () => {
    const refusal = refusalOf(() => checkKnownRules(['site-relayhost'], {rules, unusable: [fault]}))
    assert.match(
      refusal.message,
      /site-relayhost is not known\. Rules of the plugin site-policy cannot be asked: it is gone/,
    )
    assert.deepEqual([refusal.kind, refusal.suggestions], ['refused', fault.suggestions])
    assert.deepEqual(strays([fault]), [])
  })
})

function strays(unusable: Finding[]): string[] {
  return findStrays([{rule: 'site-relayhost', instance: '-', reason: ''}], {rules, unusable}, listOf())
}
