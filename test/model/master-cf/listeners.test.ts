/** Where the services of an instance wait for connections. */
import assert from 'node:assert/strict'
import {
  describeListener,
  findListeners,
  type Listener,
  type ListenerSettings,
} from '../../../src/model/master-cf/listeners.ts'

const host = {
  loopback: ['127.0.0.1', '::1'],
  addressesOf: (name: string) => (name === 'localhost' ? ['::1', '127.0.0.1'] : []),
  portOf: (name: string) => (name === 'smtp' ? 25 : null),
}

describe('listeners', () => {
  const places: [name: string, inet_interfaces: string, expected: string[]][] = [
    ['smtp', 'all', ['*:25']],
    ['10026', 'all', ['*:10026']],
    ['smtp', 'loopback-only', ['127.0.0.1:25', '[::1]:25']],
    ['smtp', '192.0.2.25, [2001:db8::25]  mx.example.com', ['192.0.2.25:25', '[2001:db8::25]:25', 'mx.example.com:25']],
    ['127.0.0.1:10026', '192.0.2.25', ['127.0.0.1:10026']],
    ['[::1]:smtp', 'all', ['[::1]:25']],
    ['localhost:submission', 'all', ['localhost:submission']],
  ]
  for (const [name, inet_interfaces, expected] of places) {
    it(`${name} with inet_interfaces = ${inet_interfaces} is ${expected.join(', ')}`, () => {
      assert.deepEqual(look(`${name} inet n - n - - smtpd`, {inet_interfaces}).map(describeListener), expected)
    })
  }

  // Each row was tried with master(8) of Postfix 3.7.
  const bound: [name: string, settings: Partial<ListenerSettings>, expected: string[]][] = [
    ['smtp', {}, ['0.0.0.0', '::']],
    ['smtp', {inet_protocols: 'ipv4'}, ['0.0.0.0']],
    ['smtp', {inet_protocols: 'ipv6, ipv4'}, ['0.0.0.0', '::']],
    [':smtp', {inet_protocols: 'ipv6'}, ['::']],
    ['smtp', {inet_interfaces: 'loopback-only', inet_protocols: 'ipv6'}, ['::1']],
    ['LOCALHOST:smtp', {}, ['::1', '127.0.0.1']],
    ['localhost:smtp', {inet_protocols: 'ipv4'}, ['127.0.0.1']],
    ['[0:0::1]:smtp', {}, ['::1']],
    ['192.0.2.25:smtp', {}, ['192.0.2.25']],
    ['smtp', {inet_interfaces: 'MX.example.com', inet_protocols: 'ipv6'}, ['mx.example.com']],
  ]
  for (const [name, settings, expected] of bound) {
    it(`${name} with ${JSON.stringify(settings)} is bound to ${expected.join(' and ')}`, () => {
      assert.deepEqual(
        look(`${name} inet n - n - - smtpd`, settings).flatMap(({addresses}) => addresses),
        expected,
      )
    })
  }

  // Each row was tried with master(8) of Postfix 3.7.
  const switches: [master_service_disable: string, enabled: boolean][] = [
    ['', true],
    ['inet', false],
    ['INET', false],
    ['smtp/inet', false],
    ['smtp.inet', false],
    ['!smtp/inet inet', true],
    ['inet, !smtp/inet', false],
    ['10026/inet', true],
    ['all', true],
    ['*/inet', true],
  ]
  for (const [master_service_disable, enabled] of switches) {
    it(`master_service_disable = ${master_service_disable} leaves smtp/inet ${enabled ? 'on' : 'off'}`, () => {
      const [found] = look('smtp inet n - n - 1 postscreen', {master_service_disable})
      assert.equal(found?.enabled, enabled)
    })
  }

  it('are only inet services', () => {
    assert.deepEqual(look('smtp unix - - n - - smtp'), [])
  })

  it('name the program without its arguments', () => {
    assert.equal(look('smtp inet n - n - - smtpd -o x=y')[0]?.command, 'smtpd')
  })
})

function look(line: string, settings: Partial<ListenerSettings> = {}): Listener[] {
  const defaults = {inet_interfaces: 'all', inet_protocols: 'all', master_service_disable: ''}
  return findListeners([line], {...defaults, ...settings}, host)
}
