/** Names of which only a part is known. */
import assert from 'node:assert/strict'
import {matchesWildcard} from '../../../src/model/base/wildcard.ts'
import {chooseNames} from '../../../src/plan/parameters.ts'

describe('wildcard', () => {
  it('stands for any characters, and all others for themselves', () => {
    assert.ok(matchesWildcard('smtp_tls_mandatory', 'smtp_*'))
    assert.ok(!matchesWildcard('smtpd_banner', 'smtp_*'))
    assert.ok(!matchesWildcard('aXb', 'a.b'))
  })

  it('chooses each name once, and must choose one', () => {
    assert.deepEqual(chooseNames(['b*', '*a'], ['ba', 'b', 'ba', 'c']), ['b', 'ba'])
    assert.throws(() => chooseNames(['b*', 'd*'], ['b']), {
      message: 'None of 1 parameters matches d*',
      kind: 'not found',
    })
  })
})
