import assert from 'node:assert/strict'
import {checkNewNames} from '../../../src/model/instance/names.ts'
import {refusal} from '../../values.ts'

describe('new names', () => {
  const right: [typed: string, name: string | undefined, group?: string][] = [
    ['-I postfix-out -G mta', 'postfix-out', 'mta'],
    ['-I postfix-', 'postfix-'],
    ['-I postfix-!@%-_=+:.09Az', 'postfix-!@%-_=+:.09Az'],
    ['-I -', ''],
    ['-G -', undefined, ''],
    ['-G postfix-out', undefined, 'postfix-out'],
    ['-G site/mta', undefined, 'site/mta'],
    ['-G x', undefined, 'x'],
  ]
  for (const [typed, name, group] of right) {
    it(`may be ${typed}`, () => assert.doesNotThrow(() => checkNewNames(name, group)))
  }

  const wrong: [message: string, name: string | undefined, group?: string][] = [
    ["Unsafe characters in new instance name: 'postfix-a b'", 'postfix-a b'],
    ["Unsafe characters in new instance name: ' postfix-out'", ' postfix-out'],
    ["Unsafe characters in new instance name: 'postfix-$x'", 'postfix-$x'],
    ["Unsafe characters in new instance name: 'postfix-a,b'", 'postfix-a,b'],
    ["Unsafe characters in new instance name: 'postfix-übung'", 'postfix-übung'],
    ["Unsafe characters in new instance name: 'postfix-out\n'", 'postfix-out\n'],
    ["Illegal '/' character in new instance name: 'postfix-a/b'", 'postfix-a/b'],
    ["Illegal '/' character in new instance name: '/etc/postfix-out'", '/etc/postfix-out'],
    ["New instance name must start with 'postfix-'", 'out'],
    ["New instance name must start with 'postfix-'", 'Postfix-out'],
    ["New instance name must start with 'postfix-'", 'postfix'],
    ["Unsafe characters in '-G a b'", undefined, 'a b'],
    ["Unsafe characters in '-G mta\n'", 'postfix-out', 'mta\n'],
    ["Unsafe characters in '-G mta,mx'", 'postfix-out', 'mta,mx'],
  ]
  for (const [message, name, group] of wrong) {
    it(`refuses with: ${message.trim()}`, () => {
      assert.throws(() => checkNewNames(name, group), refusal(message))
    })
  }

  it('looks at the characters first, then at the slash, then at the prefix, then at the group', () => {
    const name = 'out / of order'
    assert.throws(() => checkNewNames(name, 'a b'), /Unsafe characters in new instance name/)
    assert.throws(() => checkNewNames('out/of', 'a b'), /Illegal '\/' character/)
    assert.throws(() => checkNewNames('out', 'a b'), /must start with/)
  })
})
