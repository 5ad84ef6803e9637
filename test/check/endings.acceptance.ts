/** Where rules say that a program ends when it starts, or at each connection, the installed one does; elsewhere it serves. */
import assert from 'node:assert/strict'
import {type Classes, isRejecting} from '../../src/check/restrictions.ts'
import {lastWords, startAll, startLogger} from '../acceptance/daemons.ts'
import {onThrowAwayHost} from '../acceptance/inside.ts'

onThrowAwayHost(import.meta.filename, 'programs that end', checkEndings)

const lists: [relay: string, recipient: string, classes?: Record<string, string>][] = [
  ['permit_mynetworks', ''],
  ['', ''],
  ['reject_unauth_destnation', ''],
  ['permit, reject', ''],
  ['warn_if_reject reject', ''],
  ['warn_if_reject, permit_mynetworks reject', ''],
  ['permit_mynetworks,REJECT', ''],
  ['', 'permit_sasl_authenticated defer'],
  ['', 'defer_if_permit'],
  ['defer_unauth_destination', 'permit'],
  ['permit_mynetworks', 'mine', {mine: 'permit_mynetworks reject_unauth_destination'}],
  ['permit_mynetworks', 'mine', {mine: 'permit, reject'}],
  ['mine, reject', '', {mine: 'permit'}],
  ['mine', '', {mine: 'other', other: 'mine'}],
  ['reject_sender_login_mismatch', ''],
]

const sizes: [program: string, settings: Record<string, string>, words: RegExp][] = [
  [
    'local',
    {message_size_limit: '1000', mailbox_size_limit: '999'},
    /mailbox_size_limit is smaller than message_size_limit/,
  ],
  ['local', {message_size_limit: '0', mailbox_size_limit: '999'}, /mailbox_size_limit is limited but/],
  ['local', {message_size_limit: '1000', mailbox_size_limit: '1000'}, /^$/],
  ['local', {message_size_limit: '1000', mailbox_size_limit: '0'}, /^$/],
  ['virtual', {message_size_limit: '1000', virtual_mailbox_limit: '999'}, /virtual_mailbox_limit is smaller than/],
  ['virtual', {message_size_limit: '1000', virtual_mailbox_limit: '0'}, /^$/],
]

function checkEndings() {
  before(startLogger)

  it('smtpd(8) ends where no list has a word that rejects', async () => {
    const words = await startAll(lists, ([relay, recipient, classes = {}]) =>
      lastWords('smtpd', {
        ...classes,
        smtpd_relay_restrictions: relay,
        smtpd_recipient_restrictions: recipient,
        smtpd_restriction_classes: Object.keys(classes).join(' '),
      }),
    )
    // Classes that name each other bring it down without a word.
    const ended = words.map((each) => each !== '')
    const told = lists.map(([relay, recipient, classes = {}]) => {
      const known: Classes = new Map(Object.entries(classes))
      return [relay, recipient].every((list) => isRejecting(list, known) === false)
    })
    assert.deepEqual(told, ended, words.join('\n'))
  })

  it('who delivers ends where a mailbox may be smaller than a message', async () => {
    const words = await startAll(sizes, ([program, settings]) => lastWords(program, settings))
    for (const [at, [, , expected]] of sizes.entries()) assert.match(words[at] ?? '', expected)
  })
}
