import assert from 'node:assert/strict'
import {damaged, describeDamage, isDamaged, label, readable} from '../../../src/model/instance/instance.ts'
import {broken, listOf, primary, secondary} from '../../values.ts'

describe('instance list', () => {
  const outgoing = secondary('postfix-out')
  const incoming = secondary('postfix-in')
  const list = listOf(outgoing, broken('/etc/postfix-b'), incoming, broken('/etc/postfix-a'))

  it('has what can be read in start order, the primary first', () => {
    assert.deepEqual(readable(list), [primary, outgoing, incoming])
  })

  it('has what cannot be read in start order', () => {
    assert.deepEqual(damaged(list), [broken('/etc/postfix-b'), broken('/etc/postfix-a')])
  })

  it('tells the two apart', () => {
    assert.deepEqual(list.secondaries.map(isDamaged), [false, true, false, true])
  })
})

describe('instance', () => {
  it('is called by its name', () => assert.equal(label(secondary('postfix-out')), 'postfix-out'))

  it('is called by its config_directory when it has no name', () => assert.equal(label(primary), '/etc/postfix'))
})

describe('damage', () => {
  it('is told with file, line and reason', () => {
    assert.equal(
      describeDamage(broken('/etc/postfix-out')),
      `/etc/postfix-out/main.cf, line 7: missing '=' after attribute name: "oops"`,
    )
  })

  it('is told without a line where the whole file is at fault', () => {
    const gone = {config_directory: '/etc/x', file: 'open /etc/x/main.cf', reason: 'No such file or directory'}
    assert.equal(describeDamage(gone), 'open /etc/x/main.cf: No such file or directory')
  })
})
