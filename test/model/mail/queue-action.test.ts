/** Which messages somebody means, and what can be done with them. */
import assert from 'node:assert/strict'
import {Refusal, type RefusalKind} from '../../../src/model/base/errors.ts'
import {toLines} from '../../../src/model/base/suggestion.ts'
import type {Instance} from '../../../src/model/instance/instance.ts'
import {locate, type QueueAction} from '../../../src/model/mail/queue-action.ts'
import {refusalOf} from '../../refusal.ts'
import {listOf, primary, refusal, secondary} from '../../values.ts'

const out = secondary('postfix-out')
const list = listOf(out, secondary('postfix-in'))
const queues: Record<string, [queue_id: string, queue: string][]> = {
  '/etc/postfix': [['3AAA', 'deferred']],
  '/etc/postfix-out': [
    ['4ABC', 'deferred'],
    ['4ABD', 'hold'],
    ['5EEE', 'active'],
    ['6FFF', 'maildrop'],
    ['7DDD', 'corrupt'],
  ],
  '/etc/postfix-in': [
    ['4ABC', 'hold'],
    ['8CCC', 'deferred'],
  ],
}

describe('message that somebody names', () => {
  const found: [word: string, instance: Instance, queue_id: string][] = [
    ['postfix-out/4ABC', out, '4ABC'],
    ['out/4ABC', out, '4ABC'],
    ['/etc/postfix-out/4ABC', out, '4ABC'],
    ['/etc/postfix/3AAA', primary, '3AAA'],
    ['-/3AAA', primary, '3AAA'],
  ]
  for (const [word, instance, queue_id] of found) {
    it(`is found by ${word}`, () => {
      assert.deepEqual(find([word], 'delete').located, [{instance, queue_id, queue: 'deferred'}])
    })
  }

  it('is taken once, however often and differently it is named', () => {
    assert.equal(find(['postfix-out/4ABC', 'out/4ABC'], 'delete').located.length, 1)
  })

  const mistakes: [word: string, message: string, nearest: string[], kind?: RefusalKind][] = [
    ['4ABC', '4ABC does not say which instance has the message', ['postfix-out/4ABC', 'postfix-in/4ABC'], 'usage'],
    ['/4ABC', '/4ABC does not say which instance has the message', ['postfix-out/4ABC', 'postfix-in/4ABC'], 'usage'],
    ['out/', 'out/ does not say which instance has the message', [], 'usage'],
    ['otu/4ABC', 'No instance named otu', ['postfix-out/4ABC']],
    ['out/8CCC', 'No message 8CCC in postfix-out', ['postfix-in/8CCC']],
    ['out/4ACB', 'No message 4ACB in postfix-out', ['postfix-out/4ABC']],
  ]
  for (const [word, message, nearest, kind = 'not found'] of mistakes) {
    it(`is none for ${word}, which may mean ${nearest.join(' or ') || 'anything'}`, () => {
      const error = refusalOf(() => find(['out/4ABC', word], 'delete'))
      assert.deepEqual([error.message, error.kind, error.misnamed], [message, kind, {name: word, nearest}])
    })
  }

  it('is none for a name of an instance, whose mail can be flushed as a whole', () => {
    const tries = (action: QueueAction) => toLines(refusalOf(() => find(['out'], action)).suggestions)
    assert.deepEqual(tries('flush'), ['postmulti instances flush postfix-out', 'postmulti queue list'])
    assert.deepEqual(tries('delete'), ['postmulti queue list'])
  })

  it('is none for a name that two instances have: their directories say which is meant', () => {
    const twins = listOf(out, secondary('postfix-out', {config_directory: '/etc/postfix-in'}))
    const act = (word: string) => () => locate([word], 'delete', twins, read, {ifNeeded: true})
    const {message, kind, misnamed} = refusalOf(act('out/4ABC'))
    assert.deepEqual([message, kind], ['2 instances are called out', 'usage'])
    assert.deepEqual(misnamed, {name: 'out/4ABC', nearest: ['/etc/postfix-out/4ABC', '/etc/postfix-in/4ABC']})
    assert.equal(act('/etc/postfix-out/4ABC')().located[0]?.instance, out)
  })

  it('that is gone cannot be left out where it is only shown', () => {
    const gone = refusalOf(() => find(['in/9FFF'], 'show'))
    assert.equal(gone.explained, 'No message 9FFF in postfix-in\nIt may be delivered or deleted')
  })

  it('may be gone where only what is needed is to be done', () => {
    const {located, needless} = find(['out/4ABC', 'out/GONE'], 'delete', true)
    assert.equal(located.length, 1)
    assert.deepEqual(needless, [{id: 'postfix-out/GONE', why: 'it is in no queue'}])
  })

  const already: [action: QueueAction, word: string, why: string][] = [
    ['hold', 'out/4ABD', 'it is on hold already'],
    ['release', 'out/4ABC', 'it is deferred already'],
    ['flush', 'out/5EEE', 'it is active already'],
    ['requeue', 'out/6FFF', 'it is in maildrop already'],
  ]
  for (const [action, word, why] of already) {
    it(`needs no ${action} when ${why}`, () => {
      assert.deepEqual(
        find([word], action, true).needless.map((each) => each.why),
        [why],
      )
      assert.throws(() => find([word], action), Refusal)
    })
  }

  const misplaced: [action: QueueAction, word: string, message: string, suggestion: string[]][] = [
    ['hold', 'out/6FFF', 'postfix-out/6FFF is in maildrop, where hold does not apply', []],
    [
      'flush',
      'out/4ABD',
      'postfix-out/4ABD is on hold, where flush does not apply',
      ['postmulti queue release postfix-out/4ABD'],
    ],
    [
      'delete',
      'out/7DDD',
      "postfix-out/7DDD is damaged, and Postfix's own programs leave it alone",
      ['postcat /var/spool/postfix-out/corrupt/7DDD'],
    ],
  ]
  for (const [action, word, message, suggestions] of misplaced) {
    it(`is refused for ${action} where it is out of reach: ${word}`, () => {
      assert.throws(() => find([word], action, true), refusal(message))
      assert.deepEqual(toLines(refusalOf(() => find([word], action, true)).suggestions), suggestions)
    })
  }
})

function find(words: string[], action: QueueAction, ifNeeded = false) {
  return locate(words, action, list, read, {ifNeeded})
}

function read({config_directory}: Instance): Map<string, string> {
  return new Map(queues[config_directory])
}
