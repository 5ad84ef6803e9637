/** Every address and port has one enabled instance that listens. */
import assert from 'node:assert/strict'
import type {InstanceView, Listener} from '@postmulti/plugin-api'
import {listenerShadowed, listenerShared} from '../src/rule.ts'

describe('listener-shared', () => {
  it('refuses the later of two that are bound alike, and names both', () => {
    const found = listenerShared.check([
      instance('postfix-out', at('127.0.0.1')),
      instance('postfix-in', at('127.0.0.1')),
    ])
    assert.equal(found.length, 1)
    const [{verdict, message, instance: later}] = found as [(typeof found)[0]]
    assert.equal(verdict, 'refuse')
    assert.equal(later, '/etc/postfix-in')
    assert.match(
      message,
      /^postfix-out and postfix-in listen on the same address and port, 127\.0\.0\.1:25: .*at random/,
    )
  })

  it('suggests another inet_interfaces for a service that has its address from there', () => {
    const found = listenerShared.check([instance('postfix-out', at('::1')), instance('postfix-in', at('::1'))])
    assert.deepEqual(found[0]?.suggestions, ['postmulti instances set postfix-in inet_interfaces=...'])
  })

  it('suggests master.cf for a service that has its address in its name', () => {
    const own = {...at('127.0.0.1'), service: '127.0.0.1:smtp/inet'}
    const found = listenerShared.check([instance('postfix-out', at('127.0.0.1')), instance('postfix-in', own)])
    assert.deepEqual(found[0]?.suggestions, ['postmulti instances edit postfix-in --master'])
  })

  // All rows were tried with two masters of Postfix 3.7, and 40 connections to each address.
  const rows: [one: Listener, other: Listener, shared: string[]][] = [
    [all(), all(), ['*:25']],
    [all(), all({addresses: ['0.0.0.0']}), ['*:25']],
    [all({addresses: ['0.0.0.0']}), all({addresses: ['::']}), []],
    [all(), at('0.0.0.0'), ['*:25']],
    [all(), at('127.0.0.1'), []],
    [all(), all({port: 10026}), []],
    [named('localhost', '127.0.0.1', '::1'), at('::1'), ['[::1]:25']],
    [named('localhost', '127.0.0.1', '::1'), named('loopback', '::1', '127.0.0.1'), ['[::1]:25', '127.0.0.1:25']],
    [named('mx.example.com', 'mx.example.com'), named('MX.example.com', 'mx.example.com'), ['mx.example.com:25']],
    [at('127.0.0.1'), at('127.0.0.2'), []],
    [all(), all({enabled: false}), []],
    [all({port: null}), all({port: null}), []],
  ]
  for (const [one, other, shared] of rows) {
    it(`finds ${shared.join(' and ') || 'nothing'} in ${tell(one)} and ${tell(other)}`, () => {
      const messages = listenerShared.check([instance('postfix-out', one), instance('postfix-in', other)])
      assert.deepEqual(
        messages.map(({message}) => message.replace(/^.* port, (.*): .*$/, '$1')),
        shared,
      )
    })
  }

  it('lets pass two services of one instance: master(8) complains of them itself', () => {
    assert.deepEqual(listenerShared.check([instance('postfix-in', at('127.0.0.1'), at('127.0.0.1'))]), [])
  })
})

describe('listener-shadowed', () => {
  const wide = instance('postfix-out', all())
  const narrow = instance('postfix-in', at('192.0.2.25'))

  for (const [first, later] of [
    [wide, narrow],
    [narrow, wide],
  ] as const) {
    it(`warns, of the later one, that a single address takes from all, ${first.multi_instance_name} first`, () => {
      const message = 'postfix-out listens on *:25, but connections to 192.0.2.25:25 would go to postfix-in alone'
      assert.deepEqual(listenerShadowed.check([first, later]), [
        {verdict: 'warn', message, instance: later.config_directory},
      ])
    })
  }

  const fine: [why: string, one: Listener, other: Listener][] = [
    ['another port', all(), {...at('192.0.2.25'), port: 587}],
    ['another protocol', all({addresses: ['::']}), at('192.0.2.25')],
    ['two that listen on all addresses', all(), all()],
    ['a service that is switched off', all(), {...at('192.0.2.25'), enabled: false}],
  ]
  for (const [why, one, other] of fine) {
    it(`lets pass ${why}`, () => {
      assert.deepEqual(listenerShadowed.check([instance('postfix-out', one), instance('postfix-in', other)]), [])
    })
  }

  it('lets pass one instance that has both', () => {
    assert.deepEqual(listenerShadowed.check([instance('postfix-in', all(), at('192.0.2.25'), all())]), [])
  })
})

describe('listener rules', () => {
  for (const rule of [listenerShared, listenerShadowed]) {
    it(`${rule.name} is not broken by an instance that is not enabled`, () => {
      const off = {...instance('postfix-in', at('127.0.0.1'), all()), multi_instance_enable: false}
      assert.deepEqual(rule.check([instance('postfix-out', at('127.0.0.1'), all()), off]), [])
    })
  }
})

function all(changes: Partial<Listener> = {}): Listener {
  return {...named('*', '0.0.0.0', '::'), ...changes}
}

function at(address: string): Listener {
  return named(address, address)
}

function named(address: string, ...addresses: string[]): Listener {
  return {service: 'smtp/inet', address, addresses, port: 25, command: 'smtpd', enabled: true}
}

function tell({address, addresses, port, enabled}: Listener): string {
  return `${address}:${port} (${enabled ? addresses.join(' ') : 'off'})`
}

function instance(name: string, ...listeners: Listener[]): InstanceView {
  return {
    config_directory: `/etc/${name}`,
    queue_directory: `/var/spool/${name}`,
    data_directory: `/var/lib/${name}`,
    multi_instance_name: name,
    multi_instance_group: 'mta',
    multi_instance_enable: true,
    parameters: {},
    services: [],
    listeners,
    tables: [],
  }
}
