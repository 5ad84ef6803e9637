import assert from 'node:assert/strict'
import {drawFlow} from '../../src/flow/draw.ts'
import {type DeliveryPath, follow} from '../../src/flow/follow.ts'
import {resolve} from '../../src/flow/resolve.ts'
import {rewriteAddress, rewriteSender} from '../../src/flow/rewrite.ts'
import type {FlowHost} from '../../src/flow/view.ts'
import {hostOf, readmeHost, view} from './hosts.ts'

describe('where an address goes', () => {
  const tables = {
    'hash:/t': {
      'me@a.example': 'smtp:[me]',
      'a.example': 'smtp:[a]',
      '.a.example': 'smtp:[sub]',
      'b.example': 'lmtp:',
      'c.example': ':[c]',
      'd.example': ':',
      'e.example': 'error:no',
      '"a b"@a.example': 'smtp:[quoted]',
    },
    'hash:/s': {'boss@x.example': '[boss]', '@x.example': '[x]', '@n.example': 'dunno'},
    'hash:/m': {'gone@a.example': 'new@b.example', retired: 'home@b.example', '@moved.example': '@b.example'},
    'hash:/d': {'m.example': 'x'},
    // A pattern is looked up as if all it had were these.
    'regexp:/r': {'re.example': 'x'},
  }
  const main = {
    transport_maps: 'hash:/t',
    relocated_maps: 'hash:/m',
    sender_dependent_relayhost_maps: 'hash:/s',
    mydestination: 'l.example, hash:/d',
    virtual_alias_domains: 'v.example',
    virtual_mailbox_domains: 'w.example',
    relay_domains: '!not.r.example, r.example, d.example, regexp:/r',
    swap_bangpath: 'yes',
    allow_percent_hack: 'yes',
    inet_interfaces: '192.0.2.25',
    relay_transport: 'relay:[hub]',
    relayhost: '[r]',
  }
  const rows: [address: string, sender: string, way: string][] = [
    ['you@a.example', '', 'other smtp:[a]'],
    ['me@a.example', '', 'other smtp:[me]'],
    ['me+list@a.example', '', 'other smtp:[me]'],
    ['Me@A.Example', '', 'other smtp:[me]'],
    ['you@deep.sub.a.example', '', 'other smtp:[sub]'],
    ['you@b.example', '', 'other lmtp:b.example'],
    ['you@c.example', '', 'other smtp:[c]'],
    ['you@d.example', '', 'relay relay:[hub]'],
    ['you@e.example', '', 'other error:no'],
    ['gone@a.example', '', 'other error:5.1.6 User has moved to new@b.example'],
    ['you@l.example', '', 'local local:$myhostname'],
    ['you@sub.l.example', '', 'other smtp:[r]'],
    ['you@m.example', '', 'local local:$myhostname'],
    ['you@[192.0.2.25]', '', 'local local:$myhostname'],
    ['you@[192.0.2.26]', '', 'other smtp:[r]'],
    // An address of the host, but none of this instance.
    ['you@[127.0.0.1]', '', 'other smtp:[r]'],
    ['you@[IPv6:2001:db8::1]', '', 'other smtp:[r]'],
    ['you@192.0.2.25', '', 'other error:5.1.3 bad address syntax'],
    ['you@a..example', '', 'other error:5.1.3 bad address syntax'],
    ['you@-a.example', '', 'other error:5.1.3 bad address syntax'],
    ['you@', '', 'other error:5.1.3 bad address syntax'],
    ['you%a.example@l.example', '', 'other smtp:[a]'],
    ['a.example!you@l.example', '', 'other smtp:[a]'],
    ['"you@a.example"@l.example', '', 'other smtp:[a]'],
    ['you%a.example@z.example', '', 'other smtp:[r]'],
    ['"a b"@a.example', '', 'other smtp:[quoted]'],
    ['"a b+c"@a.example', '', 'other smtp:[quoted]'],
    ['gone+list@a.example', '', 'other error:5.1.6 User has moved to new@b.example'],
    ['retired@l.example', '', 'local error:5.1.6 User has moved to home@b.example'],
    ['retired@z.example', '', 'other smtp:[r]'],
    ['you@moved.example', '', 'other error:5.1.6 User has moved to @b.example'],
    ['you@re.example', '', 'relay relay:[hub]'],
    ['you@sub.re.example', '', 'other smtp:[r]'],
    ['you@v.example', '', 'alias error:5.1.1 User unknown in virtual alias table'],
    ['you@w.example', '', 'virtual virtual:w.example'],
    ['you@r.example', '', 'relay relay:[hub]'],
    ['you@sub.r.example', '', 'relay relay:[hub]'],
    ['you@not.r.example', '', 'other smtp:[r]'],
    ['you@z.example', 'boss@x.example', 'other smtp:[boss]'],
    ['you@z.example', 'boss+a@x.example', 'other smtp:[boss]'],
    ['you@z.example', 'clerk@x.example', 'other smtp:[x]'],
    ['you@z.example', 'clerk@n.example', 'other smtp:[r]'],
    ['you@r.example', 'boss@x.example', 'relay relay:[hub]'],
  ]
  for (const [address, sender, way] of rows) {
    it(`${address}${sender && ` from ${sender}`}: ${way}`, () => {
      const instance = view('postfix-a', {main})
      const found = resolve(instance, address, sender, hostOf([instance], {tables}))
      assert.equal(`${found.class} ${found.transport}:${found.nexthop}`, way)
    })
  }

  it('takes an address without brackets where resolve_numeric_domain says so', () => {
    const instance = view('postfix-a', {main: {...main, resolve_numeric_domain: 'yes'}})
    const found = resolve(instance, 'you@192.0.2.25', '', hostOf([instance], {tables}))
    assert.deepEqual([found.address, found.class], ['you@[192.0.2.25]', 'local'])
  })

  it('knows no address of a protocol that it does not speak', () => {
    const instance = view('postfix-a', {main: {inet_interfaces: 'all', inet_protocols: 'ipv6'}})
    assert.equal(resolve(instance, 'you@[192.0.2.25]', '', hostOf([instance])).class, 'other')
  })

  const inline: [table: string, way: string][] = [
    ['inline:{a.example=smtp:[x], b.example=smtp:[y]}', 'smtp:[x]'],
    ['inline:{ { a.example = smtp:[x]:26 } }', 'smtp:[x]:26'],
    ['inline:{{b.example=smtp:[y]}, {.example = lmtp:unix:/a b}}', 'lmtp:unix:/a b'],
    ['static:smtp:[x]', 'smtp:[x]'],
    ['static:{ smtp:[x] }', 'smtp:[x]'],
  ]
  for (const [table, way] of inline) {
    it(`looks up ${table}`, () => {
      const instance = view('postfix-a', {main: {transport_maps: table}})
      const {transport, nexthop} = resolve(instance, 'you@a.example', '', hostOf([instance]))
      assert.equal(`${transport}:${nexthop}`, way)
    })
  }

  it('takes a table of tables for one', () => {
    const table = 'pipemap:{inline:{a.example=b}, inline:{{b = smtp:[x]}}}'
    const instance = view('postfix-a', {main: {transport_maps: `${table}, hash:/t`}})
    const host = hostOf([instance], {tables: {[table]: {'a.example': 'smtp:[x]'}, 'hash:/t': {}}})
    assert.equal(resolve(instance, 'you@a.example', '', host).nexthop, '[x]')
  })

  it('names tables that could not be asked', () => {
    const instance = view('postfix-a', {main: {transport_maps: 'ldap:/t'}})
    assert.deepEqual(resolve(instance, 'you@a.example', '', hostOf([instance])).unknown, ['ldap:/t'])
  })
})

describe('what an address becomes', () => {
  const tables = {
    'hash:/v': {
      root: 'admin',
      'admin@example.com': 'ann@example.com, bob@other.example',
      'self@example.com': 'self@example.com, ann@example.com',
      '@old.example': '@new.example',
      'box@example.com': 'inbox@example.com',
      'a@round.example': 'b@round.example',
      'b@round.example': 'a@round.example',
      'quoted@example.com': '"two words"@a.example, "tom@home"@a.example',
      '"two words"@example.com': 'both@a.example',
      'bang@example.com': 'host.example!user',
      'owner-team@example.com': 'chief@a.example',
      '+x@example.com': 'plus@a.example',
    },
    'hash:/c': {'old.name': 'new.name'},
  }
  const main = {
    virtual_alias_maps: 'hash:/v',
    canonical_maps: 'hash:/c',
    append_dot_mydomain: 'yes',
    swap_bangpath: 'yes',
    allow_percent_hack: 'yes',
  }
  const rows: [recipient: string, addresses: string][] = [
    ['root', 'bob@other.example ann@example.com'],
    ['you@host', 'you@host.example.com'],
    ['you@a.example', 'you@a.example'],
    ['you@old.example', 'you@new.example'],
    ['box+tag@example.com', 'inbox+tag@example.com'],
    ['self@example.com', 'self@example.com ann@example.com'],
    ['old.name@example.com', 'new.name@example.com'],
    ['a@round.example', ''],
    ['you@a.example.', 'you@a.example'],
    ['"box"@example.com', 'inbox@example.com'],
    ['Box Keeper <box@example.com>', 'inbox@example.com'],
    ['box@example.com (keeper)', 'inbox@example.com'],
    ['<box@example.com>', 'inbox@example.com'],
    ['@relay.example:box@example.com', 'inbox@example.com'],
    ['two\\ words@a.example', '"two words"@a.example'],
    ['"two words+tag"@example.com', 'both+tag@a.example'],
    ['you%host.example', 'you@host.example'],
    ['host!you', 'you@host.example.com'],
    ['you@', 'you@'],
    ['bang@example.com', 'user@host.example'],
    ['owner-team+tag@example.com', 'chief+tag@a.example'],
    ['+x@example.com', 'plus@a.example'],
    ['+x+y@example.com', '+x+y@example.com'],
    ['postmaster+x@example.com', 'postmaster+x@example.com'],
  ]
  for (const [recipient, addresses] of rows) {
    it(`${recipient}: ${addresses || 'nothing'}`, () => {
      const instance = view('postfix-a', {main})
      const found = rewriteAddress(instance, recipient, false, hostOf([instance], {tables}))
      assert.deepEqual(found.addresses.sort(), (addresses.match(/(?:"[^"]*"|\S)+/g) ?? []).sort())
    })
  }

  it('is read from a table as addresses, which may have blanks in quotes', () => {
    const instance = view('postfix-a', {main})
    const {addresses} = rewriteAddress(instance, 'quoted@example.com', false, hostOf([instance], {tables}))
    assert.deepEqual(addresses, ['"two words"@a.example', '"tom@home"@a.example'])
  })

  it('of an address without a domain is found by its name, where Postfix is told to add none', () => {
    const instance = view('postfix-a', {main: {...main, append_at_myorigin: 'no'}})
    const {addresses} = rewriteAddress(instance, 'old.name', false, hostOf([instance], {tables}))
    assert.deepEqual(addresses, ['new.name'])
  })

  const senders: [sender: string, address: string][] = [
    ['', ''],
    ['<>', ''],
    ['root', 'root@example.com'],
    ['old.name@example.com', 'new.name@example.com'],
    ['me@s.example', 'me@t.example'],
  ]
  for (const [sender, address] of senders) {
    it(`sender ${sender || 'nobody'}: ${address || 'nobody'}`, () => {
      const instance = view('postfix-a', {main: {...main, sender_canonical_maps: 'hash:/s'}})
      const host = hostOf([instance], {tables: {...tables, 'hash:/s': {'@s.example': '@t.example'}}})
      assert.deepEqual(rewriteSender(instance, sender, false, host).addresses, [address])
    })
  }

  it('stays as it is where no_address_mappings says so', () => {
    const instance = view('postfix-a', {main})
    assert.deepEqual(rewriteAddress(instance, 'root', true, hostOf([instance], {tables})).addresses, [
      'root@example.com',
    ])
  })
})

describe('the way of an address through instances', () => {
  it('leads through the filter of the README to the hub', () => {
    assert.deepEqual(tell(journey(readmeHost(), 'postfix-in', 'smtp/inet', 'support@example.com')), [
      'postfix-in smtp/inet: support@example.com relay_domains relay_transport -> [127.0.0.1]:10025 (guess)',
      'postfix-out 127.0.0.1:10026/inet: support@example.com relay_domains relay_transport -> [mailhub.example.com]:25',
    ])
  })

  it('follows aliases of the null client', () => {
    assert.deepEqual(tell(journey(readmeHost(), 'postfix', 'pickup/unix', 'root')), [
      'postfix pickup/unix: mtaadmin@example.com relay_domains default_transport relayhost -> [mailhub.example.com]:25',
    ])
  })

  it('takes the sender along as it was rewritten', () => {
    const first = view('postfix-a', {
      main: {sender_canonical_maps: 'inline:{me@elsewhere.example=boss@x.example}', relayhost: '[127.0.0.1]:10026'},
      master: ['127.0.0.1:10025 inet n - n - - smtpd'],
    })
    const second = view('postfix-b', {
      main: {sender_dependent_relayhost_maps: 'inline:{boss@x.example=[hub.example]}', inet_interfaces: '192.0.2.25'},
      master: ['127.0.0.1:10026 inet n - n - - smtpd'],
    })
    const {legs} = journey(hostOf([first, second]), 'postfix-a', '127.0.0.1:10025/inet', 'you@a.example')
    assert.equal(legs[0]?.next?.legs[0]?.to.node.label, '[hub.example]:25')
  })

  it('ends where it has been before', () => {
    const host = hostOf([
      view('postfix-a', {
        main: {default_transport: 'smtp:[127.0.0.1]:10026'},
        master: ['127.0.0.1:10025 inet n - n - - smtpd'],
      }),
      view('postfix-b', {
        main: {default_transport: 'smtp:[127.0.0.1]:10025'},
        master: ['127.0.0.1:10026 inet n - n - - smtpd'],
      }),
    ])
    const {legs} = journey(host, 'postfix-a', '127.0.0.1:10025/inet', 'you@a.example')
    assert.equal(legs[0]?.next?.legs[0]?.loops, true)
  })

  it('takes what a content filter gets out of the hands of all else', () => {
    const main = {content_filter: 'smtp:[127.0.0.1]:10025', relayhost: '[r]'}
    const host = hostOf([view('postfix-a', {main, master: ['smtp inet n - y - - smtpd']})])
    assert.deepEqual(tell(journey(host, 'postfix-a', 'smtp/inet', 'you@a.example')), [
      'postfix-a smtp/inet: you@a.example content_filter -> [127.0.0.1]:10025',
    ])
  })
})

function journey(host: FlowHost, name: string, service: string, recipient: string): DeliveryPath {
  const instance = host.views.find((each) => each.multi_instance_name === name)!
  return follow(instance, service, recipient, 'me@elsewhere.example', host, drawFlow(host))
}

/** One line for each stop: INSTANCE SERVICE: ADDRESS PARAMETERS -> PLACE */
function tell({stop, legs}: DeliveryPath): string[] {
  return legs.flatMap(({way, to, assumed, next}) => {
    const by = [...stop.decisions, ...way.decisions]
      .map((each) => each.by)
      .filter((each) => !/alias|myorigin/.test(each))
    const line = `${stop.label} ${stop.service}: ${way.address} ${by.join(' ')} -> ${to.node.label}${assumed === null ? '' : ' (guess)'}`
    return [line, ...(next === null ? [] : tell(next))]
  })
}
