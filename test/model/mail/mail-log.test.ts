/** Lines of the mail log. */
import assert from 'node:assert/strict'
import {linksIn, parseLogLine} from '../../../src/model/mail/mail-log.ts'

const now = new Date(2026, 10, 25, 8, 0, 0)

describe('line of the mail log', () => {
  it('tells when, who and about which message', () => {
    assert.deepEqual(parse('Nov  5 08:12:03 mx1 postfix-in/smtpd[425]: F2C3692: client=a.example[203.0.113.9]'), {
      time: new Date(2026, 10, 5, 8, 12, 3),
      instance: 'the instance postfix-in',
      name: 'postfix-in',
      program: 'smtpd',
      queue_id: 'F2C3692',
      text: 'client=a.example[203.0.113.9]',
    })
  })

  it('of a service with a name of its own has all of that name', () => {
    assert.equal(parse('Nov 25 08:00:00 out postfix/relay/smtp[1]: 4ABC123: to=<b@example.com>')?.name, 'postfix/relay')
  })

  const times: [written: string, time: Date][] = [
    ['Dec 31 23:59:59', new Date(2025, 11, 31, 23, 59, 59)],
    ['Nov 25 08:00:01', new Date(2026, 10, 25, 8, 0, 1)],
    ['2026-11-25T07:00:00.123456+01:00', new Date('2026-11-25T06:00:00.123Z')],
    ['2026-11-25T07:00:00.123456+0100', new Date('2026-11-25T06:00:00.123Z')],
  ]
  for (const [written, time] of times) {
    it(`was written at ${time.toISOString()} when it begins with ${written}`, () => {
      assert.deepEqual(parse(`${written} mx1 postfix/qmgr[1]: 4ABC123: removed`)?.time, time)
    })
  }

  const others = [
    'Nov 25 08:00:00 mx1 postfix-in/smtpd[425]: connect from outside.example.org[203.0.113.9]',
    'Nov 25 08:00:00 mx1 sshd[425]: session: opened',
    'garbage',
    '',
  ]
  for (const line of others) {
    it(`may be about no message: ${line}`, () => {
      assert.equal(parse(line), undefined)
    })
  }

  const links: [text: string, named: Partial<ReturnType<typeof linksIn>>][] = [
    ['to=<b@x>, status=sent (250 2.0.0 Ok: queued as 036AD96)', {next: '036AD96'}],
    [
      'to=<b@x>, status=sent (250 2.0.0 from MTA(smtp:[::1]:10026): 250 2.0.0 Ok: queued as 036AD96)',
      {next: '036AD96'},
    ],
    ['to=<b@x>, status=sent (forwarded as 036AD96)', {next: '036AD96'}],
    ['to=<b@x>, status=sent (250 2.0.0 Ok: kept)', {}],
    ['client=localhost[127.0.0.1], orig_queue_id=F2C3692, orig_client=a[203.0.113.9]', {earlier: 'F2C3692'}],
    ['sender non-delivery notification: 08DDE9C', {notice: '08DDE9C'}],
    ['message-id=<a@b>', {messageId: '<a@b>'}],
    ['message-id=<>', {}],
    ['removed', {}],
  ]
  const nothing = {next: undefined, earlier: undefined, notice: undefined, messageId: undefined}
  for (const [text, named] of links) {
    it(`names ${Object.values(named).join() || 'no other message'}: ${text}`, () => {
      assert.deepEqual(linksIn(text), {...nothing, ...named})
    })
  }
})

function parse(line: string) {
  return parseLogLine(line, now, (name) => `the instance ${name}`)
}
