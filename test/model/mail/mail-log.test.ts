/** Lines of the mail log. */
import assert from 'node:assert/strict'
import {parseEvent} from '../../../src/model/mail/mail-events.ts'
import {linksIn, parseLogLine, parseLogTime, whenOf, writerOf} from '../../../src/model/mail/mail-log.ts'

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

  const utc = new Date('2026-11-25T07:00:00Z')
  const local = new Date(2026, 10, 25, 7, 0, 0)
  const text = 'to=<b@x>, status=sent (250 [ID 1 mail.info] x/y[2]: 4ABC: z)'
  const forms: [form: string, line: string, time: Date][] = [
    ['journalctl -o short-precise', `Nov 25 07:00:00.123456 mx in/smtp[11]: 4ABC: ${text}`, later(local, 123)],
    ['journalctl -o short-full', `Wed 2026-11-25 07:00:00 UTC mx in/smtp[11]: 4ABC: ${text}`, utc],
    ['journalctl -o short-full, another zone', `Wed 2026-11-25 07:00:00 CET mx in/smtp[11]: 4ABC: ${text}`, local],
    ['journalctl -o short-iso', `2026-11-25T08:00:00+0100 mx in/smtp[11]: 4ABC: ${text}`, utc],
    ['journalctl -o short-iso, newer', `2026-11-25T08:00:00+01:00 mx in/smtp[11]: 4ABC: ${text}`, utc],
    [
      'journalctl -o short-iso-precise',
      `2026-11-25T08:00:00.123456+0100 mx in/smtp[11]: 4ABC: ${text}`,
      later(utc, 123),
    ],
    ['ISO in UTC', `2026-11-25T07:00:00.5Z mx in/smtp[11]: 4ABC: ${text}`, later(utc, 500)],
    ['ISO without T', `2026-11-25 07:00:00 mx in/smtp[11]: 4ABC: ${text}`, local],
    ['ISO with a comma', `2026-11-25 07:00:00,123 mx in/smtp[11]: 4ABC: ${text}`, later(local, 123)],
    ['ISO with a blank before the zone', `2026-11-25 08:00:00 +0100 mx in/smtp[11]: 4ABC: ${text}`, utc],
    ['ISO with hours as zone', `2026-11-25T08:00:00+01 mx in/smtp[11]: 4ABC: ${text}`, utc],
    ['ISO without a host', `2026-11-25T07:00:00Z in/smtp[11]: 4ABC: ${text}`, utc],
    ['ISO with a level for a host', `2026-11-25T07:00:00Z INFO in/smtp[11]: 4ABC: ${text}`, utc],
    ['RFC 5424', `<22>1 2026-11-25T07:00:00Z mx in/smtp 11 - - 4ABC: ${text}`, utc],
    ['RFC 5424 of rsyslog', `<22>1 2026-11-25T07:00:00Z mx in/smtp 11 - -  4ABC: ${text}`, utc],
    ['RFC 5424 with structured data', `<22>1 2026-11-25T07:00:00Z mx in/smtp 11 m [a b="\\]"][c] 4ABC: ${text}`, utc],
    ['a priority', `<22>Nov 25 07:00:00 mx in/smtp[11]: 4ABC: ${text}`, local],
    ['docker compose', `mail | Nov 25 07:00:00 mx in/smtp[11]: 4ABC: ${text}`, local],
    ['docker compose, newer', `mail-1  | Nov 25 07:00:00 mx in/smtp[11]: 4ABC: ${text}`, local],
    ['docker compose, RFC 5424', `mail-1  | <22>1 2026-11-25T07:00:00Z mx in/smtp 11 - - 4ABC: ${text}`, utc],
    ['syslogd of busybox', `Nov 25 07:00:00 mx mail.info in/smtp[11]: 4ABC: ${text}`, local],
    ['syslogd -vv of FreeBSD', `Nov 25 07:00:00 <mail.info> mx in/smtp[11]: 4ABC: ${text}`, local],
    ['syslogd of Solaris', `Nov 25 07:00:00 mx in/smtp[11]: [ID 197553 mail.info] 4ABC: ${text}`, local],
  ]
  for (const [form, line, time] of forms) {
    it(`may have the form of ${form}`, () => {
      assert.deepEqual(parse(line), {
        time,
        instance: 'the instance in',
        name: 'in',
        program: 'smtp',
        queue_id: '4ABC',
        text,
      })
      assert.equal(writerOf(line), 'in')
      assert.equal(parseEvent(line.replace('status', 'dsn=2.0.0, status'))?.kind, 'sent')
      assert.deepEqual(parseLogTime(whenOf(line) ?? '', now), time)
    })
  }

  const forged = [
    '2026-11-25T07:00:00Z sshd: evil/smtp[2]: 4ABC: removed',
    '2026-11-25T07:00:00Z sshd[1]: evil/smtp[2]: 4ABC: removed',
    'Nov 25 07:00:00 mx sshd[1]: evil/smtp[2]: 4ABC: removed',
    'Nov 25 07:00:00 mx mail.info sshd[1]: <22>1 2026-11-25T07:00:00Z mx evil/smtp 2 - - 4ABC: removed',
    '2026-99-25T07:00:00Z mx evil/smtp[2]: 4ABC: removed',
  ]
  for (const line of forged) {
    it(`is not what a stranger has written into one: ${line}`, () => {
      assert.equal(parse(line), undefined)
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

function later(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds)
}
