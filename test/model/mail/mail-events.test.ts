/** What lines of the mail log count as. */
import assert from 'node:assert/strict'
import {parseEvent} from '../../../src/model/mail/mail-events.ts'

const rows: [kind: string | undefined, line: string][] = [
  ['in', 'out/cleanup[7]: 4ABC: message-id=<a@b>'],
  ['in', 'out/submission/cleanup[7]: 4ABC: message-id=<>'],
  [undefined, 'out/cleanup[7]: 4ABC: resent-message-id=<a@b>'],
  ['sent', 'out/smtp[7]: 4ABC: to=<b@x>, relay=mx[::1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)'],
  ['deferred', 'out/error[7]: 4ABC: to=<b@x>, relay=none, delay=1, delays=0/0/0/1, dsn=4.3.2, status=deferred (x)'],
  ['bounced', 'out/local[7]: 4ABC: to=<b@x>, orig_to=<b>, relay=local, delay=1, dsn=5.1.1, status=bounced (unknown)'],
  ['bounced', 'out/qmgr[7]: 4ABC: from=<a@b>, status=expired, returned to sender'],
  ['bounced', 'out/qmgr[7]: 4ABC: from=<a@b>, status=force-expired, returned to sender'],
  ['rejected', 'out/smtpd[7]: NOQUEUE: reject: RCPT from h[::1]: 554 5.7.1 <b@x>: Relay access denied; from=<a@b>'],
  ['rejected', 'out/postscreen[7]: NOQUEUE: reject: RCPT from [::1]:1: 550 5.7.1 blocked; from=<a@b>'],
  ['rejected', 'out/cleanup[7]: 4ABC: milter-reject: END-OF-MESSAGE from h[::1]: 5.7.1 no; from=<a@b>'],
  [undefined, 'out/smtpd[7]: NOQUEUE: reject_warning: RCPT from h[::1]: 554 5.7.1 no; from=<a@b>'],
  ['rejected', 'out/smtpd[7]: NOQUEUE: reject: RCPT from h[::1]: no; helo=<, dsn=2.0.0, status=sent (x)>'],
  [undefined, 'out/smtpd[7]: connect from status=sent[::1]'],
  [undefined, 'out/qmgr[7]: 4ABC: removed'],
  [undefined, 'cleanup[7]: 4ABC: message-id=<a@b>'],
]

describe('line of the mail log, for rates', () => {
  for (const [kind, line] of rows) {
    it(`counts as ${kind ?? 'nothing'}: ${line}`, () => {
      assert.equal(parseEvent(`Nov  5 08:12:03 mx1 ${line}`)?.kind, kind)
    })
  }

  it('tells when and under which name, in both ways in which logs are written', () => {
    for (const when of ['Nov  5 08:12:03', '2026-11-05T08:12:03.123456+01:00']) {
      assert.deepEqual(parseEvent(`${when} mx1 postfix-out/relay/cleanup[7]: 4ABC: message-id=<a@b>`), {
        when,
        name: 'postfix-out/relay',
        kind: 'in',
      })
    }
  })
})
