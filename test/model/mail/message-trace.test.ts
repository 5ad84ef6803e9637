/** One message on its way through several instances. */
import assert from 'node:assert/strict'
import {parseLogLine} from '../../../src/model/mail/mail-log.ts'
import {joinTraces, type MessageTrace} from '../../../src/model/mail/message-trace.ts'

const sent = 'dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as BBBBB2)'
const kept = 'dsn=2.0.0, status=sent (250 2.0.0 Ok: kept)'
const throughFilter = `
01 postfix-in/smtpd AAAAA1: client=outside.example.org[203.0.113.9]
01 postfix-in/cleanup AAAAA1: message-id=<hello@outside.example.org>
01 postfix-in/qmgr AAAAA1: from=<alice@outside.example.org>, size=228, nrcpt=1 (queue active)
02 postfix-out/smtpd BBBBB2: client=localhost[127.0.0.1], orig_queue_id=AAAAA1, orig_client=outside[203.0.113.9]
02 postfix-out/cleanup BBBBB2: message-id=<hello@outside.example.org>
02 postfix-in/smtp AAAAA1: to=<bob@example.com>, relay=127.0.0.1[127.0.0.1]:10025, delay=1.2, delays=0.1/0.2/0.3/0.6, ${sent}
02 postfix-in/qmgr AAAAA1: removed
02 postfix-out/qmgr BBBBB2: from=<alice@outside.example.org>, size=408, nrcpt=1 (queue active)
04 postfix/relay/smtp BBBBB2: to=<bob@example.com>, relay=hub[10.1.1.25]:25, delay=2.5, delays=0.5/0/0/2, ${kept}
04 postfix-out/qmgr BBBBB2: removed`

const bounced = `${throughFilter.replaceAll(/status=sent .*/g, 'status=bounced (user unknown)')}
04 postfix-out/cleanup DDDDD4: message-id=<4@mta1-out.example.com>
04 postfix-out/bounce BBBBB2: sender non-delivery notification: DDDDD4
04 postfix-out/qmgr DDDDD4: from=<>, size=2539, nrcpt=1 (queue active)`

describe('track of a message', () => {
  it('goes from instance to instance, with the time that each took', () => {
    const [trace, ...others] = join(throughFilter, 'AAAAA1')
    assert.deepEqual(others, [])
    assert.deepEqual(hopsOf(trace!), ['postfix-in/AAAAA1 1.2', 'postfix-out/BBBBB2 2.5'])
    const {fate, took, message_id} = trace!
    assert.deepEqual([fate, took, message_id], ['delivered', 3.5, '<hello@outside.example.org>'])
  })

  it('is the same from wherever one looks at it', () => {
    assert.deepEqual(join(throughFilter, 'BBBBB2'), join(throughFilter, 'AAAAA1'))
  })

  it('tells of a delivery what the agent logged of it, although that names another instance', () => {
    const delivery = join(throughFilter, 'AAAAA1')[0]?.hops[1]?.deliveries[0]
    assert.deepEqual(
      [delivery?.to, delivery?.delays, delivery?.reply],
      ['bob@example.com', [0.5, 0, 0, 2], '250 2.0.0 Ok: kept'],
    )
  })

  const withoutLinks: [what: string, pattern: RegExp][] = [
    ['queue id of XFORWARD', / orig_queue_id=AAAAA1,/],
    ['answer', /: queued as BBBBB2/],
    ['Message-ID', /<hello@outside.example.org>/g],
  ]
  for (const [what] of withoutLinks) {
    it(`needs no more than the ${what}`, () => {
      const text = withoutLinks
        .filter(([each]) => each !== what)
        .reduce((all, [, each]) => all.replace(each, ''), throughFilter)
      assert.equal(join(text, 'AAAAA1')[0]?.hops.length, 2)
    })
  }

  it('ends at a filter that hands on nothing of it', () => {
    const text = withoutLinks.reduce((all, [, each]) => all.replace(each, ''), throughFilter)
    assert.deepEqual(join(text, 'AAAAA1').map(hopsOf), [['postfix-in/AAAAA1 1.2']])
  })

  it('has nothing to do with a later message of the same queue id', () => {
    const later = throughFilter.replace(/^0/gm, '3').replaceAll('hello@', 'later@').replaceAll('BBBBB2', 'CCCCC3')
    const traces = join(throughFilter + later, 'AAAAA1')
    assert.deepEqual(traces.map(hopsOf), [
      ['postfix-in/AAAAA1 1.2', 'postfix-out/BBBBB2 2.5'],
      ['postfix-in/AAAAA1 1.2', 'postfix-out/CCCCC3 2.5'],
    ])
  })

  it('has nothing to do with another message of the same queue id in another instance', () => {
    const other = `
02 postfix/pickup AAAAA1: uid=0 from=<root>
02 postfix/cleanup AAAAA1: message-id=<other@example.com>
02 postfix/qmgr AAAAA1: removed`
    assert.deepEqual(join(throughFilter + other, 'BBBBB2').map(hopsOf), [
      ['postfix-in/AAAAA1 1.2', 'postfix-out/BBBBB2 2.5'],
    ])
  })

  // Whoever runs a mail server decides what it answers, and whoever sends a message what Message-ID it has.
  const evil = 'relay=mx.evil.example[203.0.113.10]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent'
  const foreign: [what: string, lines: string][] = [
    [
      'a server elsewhere that answers with its queue id',
      `
01 postfix-out/smtpd EEEEE5: client=a[203.0.113.9]
02 postfix-out/smtp EEEEE5: to=<x@evil.example>, ${evil} (250 Ok: queued as AAAAA1)
02 postfix-out/qmgr EEEEE5: removed`,
    ],
    [
      'a delivery to this host long after it has begun',
      `
41 postfix-out/smtpd EEEEE5: client=a[203.0.113.9]
42 postfix-out/smtp EEEEE5: to=<x@evil.example>, ${evil.replace('203.0.113.10', '127.0.0.1')} (250 Ok: queued as AAAAA1)
42 postfix-out/qmgr EEEEE5: removed`,
    ],
    [
      'the answer to a command, which is no delivery',
      `
01 postfix-out/smtpd EEEEE5: client=a[203.0.113.9]
02 postfix-out/smtp EEEEE5: to=<x@evil.example>, ${evil.replace('sent', 'deferred')} (450 queued as AAAAA1)`,
    ],
  ]
  for (const [what, lines] of foreign) {
    it(`has nothing to do with ${what}`, () => {
      const [trace, ...others] = join(throughFilter + lines, 'AAAAA1')
      assert.deepEqual([hopsOf(trace!), trace!.perhaps, others], [hopsOf(join(throughFilter, 'AAAAA1')[0]!), [], []])
    })
  }

  it('is perhaps another one of the same Message-ID', () => {
    const forged = `
03 postfix-in/smtpd EEEEE5: client=evil.example[203.0.113.10]
03 postfix-in/cleanup EEEEE5: message-id=<hello@outside.example.org>
03 postfix-in/qmgr EEEEE5: removed`
    const [trace] = join(throughFilter + forged, 'BBBBB2')
    assert.deepEqual(hopsOf(trace!), ['postfix-in/AAAAA1 1.2', 'postfix-out/BBBBB2 2.5'])
    assert.deepEqual(trace!.perhaps, ['postfix-in/EEEEE5'])
    assert.deepEqual(join(throughFilter + forged, 'EEEEE5')[0]?.perhaps, ['postfix-in/AAAAA1', 'postfix-out/BBBBB2'])
  })

  it('goes on with the copy that a pipe hands back to sendmail(1)', () => {
    const text = throughFilter
      .replace(
        'client=localhost[127.0.0.1], orig_queue_id=AAAAA1, orig_client=outside[203.0.113.9]',
        'uid=104 from=<alice>',
      )
      .replace('127.0.0.1[127.0.0.1]:10025', 'filter')
      .replace('250 2.0.0 Ok: queued as BBBBB2', 'delivered via filter service')
    assert.deepEqual(join(text, 'AAAAA1').map(hopsOf), [['postfix-in/AAAAA1 1.2', 'postfix-out/BBBBB2 2.5']])
  })

  it('takes the client from a submission service with a name of its own', () => {
    const text = throughFilter.replace('01 postfix-in/smtpd', '01 postfix/submission/smtpd')
    const [first] = join(text, 'AAAAA1')[0]!.hops
    assert.deepEqual([first?.instance, first?.source], ['postfix-in', 'outside.example.org[203.0.113.9]'])
  })

  it('goes on with the bounce', () => {
    const [trace] = join(bounced, 'AAAAA1')
    assert.equal(trace?.hops.at(-1)?.sender, '')
    assert.equal(trace?.fate, 'waiting')
    assert.equal(join(`${bounced}\n05 postfix-out/qmgr DDDDD4: removed`, 'AAAAA1')[0]?.fate, 'bounced')
  })

  for (const end of ['', '\n02 postfix-in/cleanup AAAAA1: removed (canceled)']) {
    it(`does not wait where a client gave up${end && ', which is told from 3.10 on'}`, () => {
      const [trace] = join(`01 postfix-in/smtpd AAAAA1: client=a[203.0.113.9]${end}`, 'AAAAA1')
      assert.deepEqual(trace?.hops[0]?.remarks, ['the client gave up before the end of the message'])
      assert.notEqual(trace?.fate, 'waiting')
    })
  }

  it('goes through three instances, with the time that each took', () => {
    const third = `
05 postfix-mx/smtpd CCCCC3: client=localhost[127.0.0.1]
05 postfix-mx/cleanup CCCCC3: message-id=<hello@outside.example.org>
07 postfix-mx/lmtp CCCCC3: to=<bob@example.com>, relay=hub[/run/lmtp], delay=2, delays=0/0/0/2, ${kept}
07 postfix-mx/qmgr CCCCC3: removed`
    const text = throughFilter.replace(kept, 'dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as CCCCC3)') + third
    const [trace] = join(text, 'BBBBB2')
    assert.deepEqual(hopsOf(trace!), ['postfix-in/AAAAA1 1.2', 'postfix-out/BBBBB2 2.5', 'postfix-mx/CCCCC3 2'])
    assert.deepEqual([trace!.fate, trace!.took], ['delivered', 6])
  })

  it('tells which message a bounce is about', () => {
    const [trace] = join(bounced, 'AAAAA1')
    assert.deepEqual(
      trace!.hops.map(({about}) => about),
      [null, null, 'postfix-out/BBBBB2'],
    )
  })

  const to = '02 postfix-in/smtp AAAAA1: to=<bob@example.com>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, status='
  const start = throughFilter.split('\n').slice(0, 4).join('\n')
  const ends: [what: string, lines: string[], fate: string][] = [
    ['was kept back and sent later', [`${to}deferred (busy)`, `${to}sent (ok)`, 'qmgr AAAAA1: removed'], 'delivered'],
    ['is still kept back', [`${to}deferred (busy)`], 'waiting'],
    ['was kept back and deleted', [`${to}deferred (busy)`, 'postsuper AAAAA1: removed'], 'deleted'],
    ['went to nobody', [`${to.replace('smtp', 'discard')}sent (thrown away)`, 'qmgr AAAAA1: removed'], 'discarded'],
    [
      'went to nobody and to somebody',
      [
        `${to.replace('smtp', 'discard')}sent (thrown away)`,
        `${to.replace('bob', 'eve')}sent (ok)`,
        'qmgr AAAAA1: removed',
      ],
      'delivered',
    ],
    [
      'was there too long',
      ['qmgr AAAAA1: from=<a@b.example>, status=expired, returned to sender', 'qmgr AAAAA1: removed'],
      'bounced',
    ],
    [
      'was discarded by its header',
      ['cleanup AAAAA1: discard: header Subject: x from y[192.0.2.1]; from=<a@b.example>'],
      'discarded',
    ],
    [
      'was refused by its header',
      ['cleanup AAAAA1: reject: header Subject: x from y[192.0.2.1]; from=<a@b.example>'],
      'refused',
    ],
    [
      'was refused at its end, which cleanup(8) reads nevertheless',
      [
        'smtpd AAAAA1: reject: END-OF-MESSAGE from y[192.0.2.1]: 554 5.7.1 no',
        'cleanup AAAAA1: message-id=<other@outside.example.org>',
      ],
      'refused',
    ],
    [
      'was refused at its end, and dropped by a Postfix that says so',
      [
        'smtpd AAAAA1: reject: END-OF-MESSAGE from y[192.0.2.1]: 554 5.7.1 no',
        'cleanup AAAAA1: message-id=<other@outside.example.org>',
        'cleanup AAAAA1: removed (canceled)',
      ],
      'refused',
    ],
    [
      'was refused before its content',
      ['smtpd AAAAA1: reject: DATA from y[192.0.2.1]: 554 5.7.1 no', 'cleanup AAAAA1: removed (canceled)'],
      'refused',
    ],
    [
      'was discarded at its end',
      [
        'smtpd AAAAA1: discard: END-OF-MESSAGE from y[192.0.2.1]: <d@a.example>: Sender address triggers DISCARD action',
      ],
      'discarded',
    ],
    [
      'was refused by its header, and dropped',
      ['cleanup AAAAA1: reject: header Subject: x from y[192.0.2.1]', 'cleanup AAAAA1: removed (canceled)'],
      'refused',
    ],
    [
      'was discarded by its header, and dropped',
      ['cleanup AAAAA1: discard: header Subject: x from y[192.0.2.1]', 'cleanup AAAAA1: removed (discarded)'],
      'discarded',
    ],
    ['was discarded, and the log says no more', ['cleanup AAAAA1: removed (discarded)'], 'discarded'],
    ['was dropped, and the log says no more', ['cleanup AAAAA1: removed (canceled)'], 'deleted'],
    [
      'was refused by a milter',
      ['cleanup AAAAA1: milter-reject: END-OF-MESSAGE from y[192.0.2.1]: 5.7.1 no'],
      'refused',
    ],
    [
      'had a recipient that was refused',
      ['smtpd AAAAA1: reject: RCPT from y[192.0.2.1]: 554 5.7.1 no', `${to}sent (ok)`, 'qmgr AAAAA1: removed'],
      'delivered',
    ],
  ]
  for (const [what, lines, fate] of ends) {
    it(`is ${fate} when it ${what}`, () => {
      const text = lines.map((each) => (/^\d/.test(each) ? each : `03 postfix-in/${each}`)).join('\n')
      assert.equal(join(`${start}\n${text}`, 'AAAAA1')[0]?.fate, fate)
    })
  }

  it('is one message, whatever cleanup(8) says after it was turned away, and the next one of its id another', () => {
    const text = `
01 postfix-in/smtpd AAAAA1: client=a[203.0.113.9]
02 postfix-in/smtpd AAAAA1: reject: END-OF-MESSAGE from a[203.0.113.9]: 554 5.7.1 no
02 postfix-in/cleanup AAAAA1: message-id=<one@a.example>
02 postfix-in/cleanup AAAAA1: removed (canceled)
05 postfix-in/cleanup AAAAA1: message-id=<two@a.example>
06 postfix-in/qmgr AAAAA1: removed`
    assert.deepEqual(
      join(text, 'AAAAA1').map(({message_id, fate, hops}) => [message_id, fate, hops[0]?.remarks.length]),
      [
        ['<one@a.example>', 'refused', 1],
        ['<two@a.example>', 'deleted', 0],
      ],
    )
  })

  it('takes no longer for a line that is made to be hard to read', () => {
    for (const part of ['>, relay=x, delay=1, ', '>, orig_to=<', ', delay=1', ', dsn=2.0.0, ']) {
      const began = performance.now()
      join(`01 postfix-in/smtp AAAAA1: to=<${part.repeat(60_000 / part.length)}`, 'AAAAA1')
      assert.ok(performance.now() - began < 1000, part)
    }
  })

  it('ends when somebody deletes the message', () => {
    const text = `${throughFilter.split('\n').slice(0, 4).join('\n')}\n09 postfix-in/postsuper AAAAA1: removed`
    assert.equal(join(text, 'AAAAA1')[0]?.fate, 'deleted')
  })
})

/** Lines are short here: the second, who, and what. */
function join(text: string, queue_id: string): MessageTrace[] {
  const lines = text.split('\n').flatMap((line) => {
    const [, second, who, what] = /^(\d\d) (\S+) (.*)$/.exec(line) ?? []
    const parsed = parseLogLine(
      `Nov 25 08:00:${second} mx1 ${who}[1]: ${what}`,
      new Date(2026, 10, 25, 9),
      (name) => name,
    )
    return parsed === undefined ? [] : [parsed]
  })
  return joinTraces(lines, (line) => line.queue_id === queue_id, new Set(['10.1.1.25']))
}

function hopsOf({hops}: MessageTrace): string[] {
  return hops.map(({instance, queue_id, took}) => `${instance}/${queue_id} ${took}`)
}
