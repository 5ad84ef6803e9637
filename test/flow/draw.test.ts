import assert from 'node:assert/strict'
import {drawFlow} from '../../src/flow/draw.ts'
import type {Edge} from '../../src/flow/graph.ts'
import type {Mail} from '../../src/flow/routes.ts'
import {findRemarks} from '../../src/flow/troubles.ts'
import type {FlowHost} from '../../src/flow/view.ts'
import {hostOf, readmeHost, view} from './hosts.ts'

describe('flow', () => {
  it('shows the ways of the README, and guesses where the filter hands mail on', () => {
    assert.deepEqual(ways(readmeHost()), [
      'sendmail -> postfix pickup/unix',
      'sendmail -> postfix-out pickup/unix',
      'network -> postfix-in smtp/inet',
      'postfix -> [mailhub.example.com]:25: other [relayhost]',
      'postfix-out -> [mailhub.example.com]:25: relay example.com .example.com [relay_transport]',
      "postfix-out -> MX of the recipient's domain: other [default_transport]",
      'postfix-in -> [127.0.0.1]:10025: relay example.com, other [relay_transport default_transport]',
      '[127.0.0.1]:10025 -> postfix-out 127.0.0.1:10026/inet?',
    ])
  })

  const listening = {master: ['smtp inet n - y - - smtpd']}
  const from = (main: Record<string, string>, tables = {}) =>
    waysOf(hostOf([view('postfix-a', {main})], {tables}), 'postfix-a')

  const rows: [title: string, main: Record<string, string>, ways: string[]][] = [
    [
      'default_transport has its own next hop in spite of relayhost',
      {default_transport: 'smtp:[h]:26', relayhost: '[r]'},
      ['[h]:26: other [default_transport]'],
    ],
    [
      'relayhost is for domains that are relayed for, too',
      {relay_domains: 'a.example', relayhost: 'r.example'},
      ['MX of r.example: relay a.example [relayhost]', 'MX of r.example: other [relayhost]'],
    ],
    [
      'virtual mailboxes are one place',
      {virtual_mailbox_domains: 'v.example'},
      [
        'virtual mailboxes: virtual v.example [virtual_transport]',
        "MX of the recipient's domain: other [default_transport]",
      ],
    ],
    [
      'local mail may leave through a mailbox_transport',
      {mydestination: 'l.example', mailbox_transport: 'lmtp:unix:private/dovecot'},
      [
        'local mailboxes: local l.example [local_transport]',
        'unix:private/dovecot: local l.example [mailbox_transport]',
        "MX of the recipient's domain: other [default_transport]",
      ],
    ],
    [
      'a next hop that does not answer has one behind it',
      {relayhost: '[r]', smtp_fallback_relay: '[f]'},
      ['[r]:25: other [relayhost]', '[f]:25: fallback [smtp_fallback_relay]'],
    ],
    [
      'several next hops are several ways, the later ones for what the first does not take',
      {default_transport: 'smtp:[a], [b]:26'},
      ['[a]:25: other [default_transport]', '[b]:26: fallback [default_transport]'],
    ],
    [
      'an error is a dead end',
      {default_transport: 'error:5.0.0 not from here'},
      ['returned: 5.0.0 not from here: other [default_transport]'],
    ],
    [
      'a transport that master.cf does not have is one',
      {default_transport: 'uucp'},
      ['no transport uucp: other [default_transport]'],
    ],
  ]
  for (const [title, main, expected] of rows) it(title, () => assert.deepEqual(from(main), expected))

  it('reads transport_maps, and leaves out the classes that it covers', () => {
    const main = {relay_domains: 'a.example', transport_maps: 'hash:/t', relayhost: '[r]'}
    const tables = {'hash:/t': {'a.example': 'smtp:[x]', 'b.example': ':[y]', 'c.example': 'error:no'}}
    assert.deepEqual(from(main, tables), [
      '[x]:25: listed a.example [transport_maps]',
      '[y]:25: listed b.example [transport_maps]',
      'returned: no: listed c.example [transport_maps]',
      '[r]:25: other [relayhost]',
    ])
  })

  it('takes * in transport_maps for all that there is', () => {
    assert.deepEqual(from({transport_maps: 'inline:{*=smtp:[x]}', relayhost: '[r]'}), [
      '[x]:25: listed * [transport_maps]',
    ])
  })

  it('draws one way by a table that cannot be listed', () => {
    assert.deepEqual(from({transport_maps: 'regexp:/t', relayhost: '[r]'}), [
      'regexp:/t: listed [transport_maps]',
      '[r]:25: other [relayhost]',
    ])
  })

  it('shows what depends on the sender', () => {
    const main = {
      sender_dependent_relayhost_maps: 'hash:/r',
      sender_dependent_default_transport_maps: 'hash:/d',
      relay_domains: 'a.example',
      default_transport: 'smtp:[d]',
    }
    const tables = {'hash:/r': {'me@x.example': '[s]', '@y.example': 'DUNNO'}, 'hash:/d': {'@z.example': 'smtp:[z]'}}
    assert.deepEqual(from(main, tables), [
      '[z]:25: sender @z.example [sender_dependent_default_transport_maps]',
      '[s]:25: sender me@x.example [sender_dependent_relayhost_maps]',
      "MX of the recipient's domain: relay a.example [relay_transport]",
      '[d]:25: other [default_transport]',
    ])
  })

  it('a content filter gets the mail of the services that have it, and hands it on to the one that has not', () => {
    const host = hostOf([
      view('postfix-a', {
        main: {content_filter: 'smtp:[127.0.0.1]:10025'},
        master: ['smtp inet n - y - - smtpd', '127.0.0.1:10026 inet n - n - - smtpd -o content_filter='],
      }),
    ])
    assert.deepEqual(waysOf(host, 'postfix-a'), [
      '[127.0.0.1]:10025: filtered smtp/inet pickup/unix [content_filter]',
      "MX of the recipient's domain: other [default_transport]",
    ])
    assert.ok(ways(host).includes('[127.0.0.1]:10025 -> postfix-a 127.0.0.1:10026/inet?'))
    assert.deepEqual(remarks(host), [])
  })

  it('a filter before the queue is a way, too', () => {
    const master = ['smtp inet n - y - - smtpd -o smtpd_proxy_filter=127.0.0.1:10025']
    const [first] = waysOf(hostOf([view('postfix-a', {master})]), 'postfix-a')
    assert.equal(first, '[127.0.0.1]:10025: before queue smtp/inet [smtpd_proxy_filter]')
  })

  it('a filter before the queue may be a port alone', () => {
    const master = ['smtp inet n - y - - smtpd -o smtpd_proxy_filter=10025']
    const [first] = waysOf(hostOf([view('postfix-a', {master})]), 'postfix-a')
    assert.equal(first, '[127.0.0.1]:10025: before queue smtp/inet [smtpd_proxy_filter]')
  })

  const forFilters = {master: ['127.0.0.1:10026 inet n - n - - smtpd'], trustsXforward: true}
  const elsewhere: [title: string, main: Record<string, string>, master?: string[]][] = [
    ['of another address of this host', {default_transport: 'smtp:[192.0.2.25]:2525'}],
    ['that gets mail by pipe(8)', {default_transport: 'lda'}, ['lda unix - n n - - pipe argv=/usr/bin/lda ${user}']],
  ]
  for (const [title, main, master = []] of elsewhere) {
    it(`does not take a program for a filter ${title}`, () => {
      const host = hostOf([view('postfix-a', {main, master}), view('postfix-b', forFilters)])
      assert.ok(!ways(host).some((each) => each.endsWith('?')))
    })
  }

  it('says of a guess that leads to a disabled instance that it does not work', () => {
    const host = readmeHost()
    const views = host.views.map((each) => ({
      ...each,
      multi_instance_enable: each.multi_instance_name !== 'postfix-out',
    }))
    const guesses = drawFlow({...host, views}).edges.filter(({assumed}) => assumed !== null)
    assert.deepEqual(
      guesses.map(({trouble}) => trouble?.message),
      ['127.0.0.1:10026 is postfix-out, which is disabled: mail that [127.0.0.1]:10025 sends there is deferred'],
    )
  })

  it('does not guess when several could get what a filter hands on', () => {
    const two = ['127.0.0.1:10026 inet n - n - - smtpd', '127.0.0.1:10027 inet n - n - - smtpd']
    const host = hostOf([
      view('postfix-a', {main: {default_transport: 'smtp:[127.0.0.1]:10025'}}),
      view('postfix-b', {master: two, trustsXforward: true}),
    ])
    assert.ok(!ways(host).some((each) => each.endsWith('?')))
  })

  it('names milters and policy services, which are only asked', () => {
    const main = {
      smtpd_milters: 'inet:127.0.0.1:11332, { unix:/run/opendkim.sock, default_action=accept }',
      smtpd_recipient_restrictions:
        'permit_mynetworks, check_policy_service { inet:127.0.0.1:10023, timeout=1s } reject',
    }
    const {edges} = drawFlow(hostOf([view('postfix-a', {main})]))
    assert.deepEqual(
      edges.filter(({asks}) => asks).map(({to, by}) => `${to} ${by}`),
      [
        'service inet:127.0.0.1:11332 smtpd_milters',
        'service unix:/run/opendkim.sock smtpd_milters',
        'service inet:127.0.0.1:10023 check_policy_service',
      ],
    )
  })

  const toB = {main: {default_transport: 'smtp:[127.0.0.1]:10026'}}
  const troubles: [title: string, host: FlowHost, kind: string | undefined][] = [
    [
      'an instance that is disabled',
      hostOf([view('postfix-a', toB), view('postfix-b', {enabled: false, master: ['10026 inet n - y - - smtpd']})]),
      'disabled',
    ],
    [
      'a listener that is switched off',
      hostOf([
        view('postfix-a', toB),
        view('postfix-b', {main: {master_service_disable: 'inet'}, master: ['10026 inet n - y - - smtpd']}),
      ]),
      'switched off',
    ],
    ['a port where nobody listens', hostOf([view('postfix-a', toB)], {open: []}), 'nobody'],
    ['a port where some program listens', hostOf([view('postfix-a', toB)], {open: ['0.0.0.0 10026']}), undefined],
    ['a port of which nothing is known', hostOf([view('postfix-a', toB)]), undefined],
    ['itself', hostOf([view('postfix-a', {...listening, main: {relayhost: '[localhost]'}})]), 'itself'],
    [
      'an address of its own, though another one listens there',
      hostOf([view('postfix-a', {main: {relayhost: '[192.0.2.25]'}}), view('postfix-b', listening)]),
      'itself',
    ],
    [
      'an address that a proxy has for it',
      hostOf([view('postfix-a', {main: {relayhost: '[203.0.113.1]', proxy_interfaces: '203.0.113.1'}})]),
      'itself',
    ],
    [
      'an address that another one has, and only that',
      hostOf([
        view('postfix-a', {main: {relayhost: '[192.0.2.25]', inet_interfaces: 'loopback-only'}}),
        view('postfix-b', listening),
      ]),
      undefined,
    ],
    ['an address at another port', hostOf([view('postfix-a', {main: {relayhost: '[localhost]:26'}})]), undefined],
    [
      'a name that may have an MX record elsewhere',
      hostOf([view('postfix-a', {main: {relayhost: 'localhost'}})], {open: []}),
      undefined,
    ],
    [
      'a name for lmtp(8), which asks for no MX record',
      hostOf([view('postfix-a', {main: {default_transport: 'lmtp:localhost'}})], {open: []}),
      'nobody',
    ],
    [
      'an address without brackets',
      hostOf([view('postfix-a', {main: {relayhost: '127.0.0.1:26'}})], {open: []}),
      'nobody',
    ],
    [
      'the first of two where nobody listens, while another program takes it at the second',
      hostOf([view('postfix-a', {main: {relayhost: '[127.0.0.1]:26 [127.0.0.1]:27'}})], {open: ['0.0.0.0 27']}),
      undefined,
    ],
    [
      'the first of two where nobody listens',
      hostOf([view('postfix-a', {main: {relayhost: '[127.0.0.1]:26 [127.0.0.1]:27'}})], {open: []}),
      'nobody',
    ],
    ['a transport that is not there', hostOf([view('postfix-a', {main: {default_transport: 'uucp'}})]), 'no transport'],
  ]
  for (const [title, host, kind] of troubles) {
    it(`marks a way to ${title} ${kind === undefined ? 'not at all' : `as: ${kind}`}`, () => {
      const way = drawFlow(host).edges.find(({from: id}) => id === '/etc/postfix-a')
      assert.equal(way?.trouble?.kind, kind)
    })
  }

  it('the address itself comes before the wildcard, as the kernel has it', () => {
    const host = hostOf([
      view('postfix-a', toB),
      view('postfix-b', {master: ['10026 inet n - y - - smtpd']}),
      view('postfix-c', {master: ['127.0.0.1:10026 inet n - y - - smtpd']}),
    ])
    assert.deepEqual(waysOf(host, 'postfix-a'), ['postfix-c 127.0.0.1:10026/inet: other [default_transport]'])
  })
})

describe('what is wrong with a flow', () => {
  const b = ['127.0.0.1:10026 inet n - n - - smtpd']
  const toB = {main: {default_transport: 'smtp:[127.0.0.1]:10026'}, master: ['127.0.0.1:10025 inet n - n - - smtpd']}

  it('is mail that two instances hand to each other', () => {
    const back = view('postfix-b', {main: {default_transport: 'smtp:[127.0.0.1]:10025'}, master: b})
    assert.deepEqual(remarks(hostOf([view('postfix-a', toB), back])), [
      'mail for the rest of the world goes round: postfix-a, postfix-b, postfix-a',
    ])
  })

  it('is not that they hand each other mail for different domains', () => {
    const main = {relay_domains: 'a.example', relay_transport: 'smtp:[127.0.0.1]:10025'}
    const first = view('postfix-a', {...toB, main: {...toB.main, mydestination: 'a.example'}})
    assert.deepEqual(remarks(hostOf([first, view('postfix-b', {main, master: b})])), [])
  })

  it('is mail for one domain that goes round by a table', () => {
    const main = {transport_maps: 'hash:/t'}
    const host = hostOf([view('postfix-a', toB), view('postfix-b', {main, master: b})], {
      tables: {'hash:/t': {'a.example': 'smtp:[127.0.0.1]:10025'}},
    })
    assert.deepEqual(remarks(host), ['mail for a.example goes round: postfix-a, postfix-b, postfix-a'])
  })

  it('is an instance that gets no mail', () => {
    assert.deepEqual(
      remarks(hostOf([view('postfix-a', {master: b}), view('postfix-b'), view('postfix-c', {enabled: false})])),
      [
        'postfix-a gets no mail: it listens on this host alone, and no instance sends to it',
        'postfix-b gets no mail: it listens nowhere and takes no mail by sendmail(1)',
      ],
    )
  })

  it('is a next hop with the name of an instance, which only the DNS may know; that one gets mail, perhaps', () => {
    const main = {authorized_submit_users: 'root', relayhost: '[MX.example.com]'}
    const named = view('postfix-b', {main: {myhostname: 'mx.example.com'}, master: b})
    assert.deepEqual(remarks(hostOf([view('postfix-a', {main}), named])), [
      '[mx.example.com]:25 has the name of postfix-b: only the DNS knows whether it is here, and flow does not ask it. Use an address, or add a line to /etc/hosts',
    ])
  })

  it('is not a name that /etc/hosts has', () => {
    const main = {authorized_submit_users: 'root', relayhost: '[localhost]:10026'}
    const named = view('postfix-b', {main: {myhostname: 'localhost'}, master: b})
    assert.deepEqual(remarks(hostOf([view('postfix-a', {main}), named])), [])
  })

  it('is nothing on the host of the README', () => assert.deepEqual(remarks(readmeHost()), []))
})

/** FROM -> TO SERVICE: MAIL [PARAMETERS], with a question mark behind a guess. */
function ways(host: FlowHost): string[] {
  const {nodes, edges} = drawFlow(host)
  const name = (id: string): string => nodes.find((each) => each.id === id)!.label
  return edges.map((each) => `${name(each.from)} -> ${name(each.to)}${rest(each)}`)
}

/** Those of one instance, without its name. */
function waysOf(host: FlowHost, label: string): string[] {
  return ways(host).flatMap((each) => (each.startsWith(`${label} -> `) ? [each.slice(label.length + 4)] : []))
}

function rest({into, mail, by, assumed}: Edge): string {
  const what = mail.length === 0 ? '' : `: ${mail.map(tell).join(', ')} [${by.join(' ')}]`
  return `${into === null ? '' : ` ${into}`}${what}${assumed === null ? '' : '?'}`
}

function tell({class: name, of}: Mail): string {
  return [name, ...of].join(' ')
}

function remarks(host: FlowHost): string[] {
  return findRemarks(drawFlow(host), host).map(({message}) => message)
}
