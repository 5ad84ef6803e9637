/** Every address and port has one enabled instance that listens. */
import assert from 'node:assert/strict'
import type {Finding, Listener} from '@postmulti/plugin-api'
import {question} from '@postmulti/plugin-api/testing'
import {listenerShadowed, listenerShared} from '../src/rule.ts'

describe('listener-shared', () => {
  const twins = {'postfix-out': [at('127.0.0.1')], 'postfix-in': [at('127.0.0.1')]}

  it('refuses the later of two that are bound alike, and names both', async () => {
    const place = 'listen on the same address and port, 127.0.0.1:25'
    assert.deepEqual(await check(listenerShared, twins), [
      {
        verdict: 'refuse',
        message: `postfix-out and postfix-in ${place}: mail would be split between them at random`,
        instance: '/etc/postfix-in',
        suggestions: [['postmulti', 'instances', 'edit', 'postfix-in']],
      },
    ])
  })

  it('suggests master.cf for a service that has its address in its name', async () => {
    const own = {...at('127.0.0.1'), service: '127.0.0.1:smtp/inet'}
    const [finding] = await check(listenerShared, {...twins, 'postfix-in': [own]})
    assert.deepEqual(finding?.suggestions, [['postmulti', 'instances', 'edit', 'postfix-in', '--master']])
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
    it(`finds ${shared.join(' and ') || 'nothing'} in ${tell(one)} and ${tell(other)}`, async () => {
      const found = await check(listenerShared, {'postfix-out': [one], 'postfix-in': [other]})
      assert.deepEqual(
        found.map(({message}) => message.replace(/^.* port, (.*): .*$/, '$1')),
        shared,
      )
    })
  }

  it('lets pass two services of one instance', async () => {
    assert.deepEqual(await check(listenerShared, {'postfix-in': [at('127.0.0.1'), at('127.0.0.1')]}), [])
  })

  it('lets pass an instance that is not enabled', async () => {
    assert.deepEqual(await check(listenerShared, {'postfix-out': [all()], 'postfix-off': [all()]}), [])
  })
})

describe('listener-shadowed', () => {
  const one = at('192.0.2.25')

  for (const [first, later] of [
    [{'postfix-out': [all()]}, {'postfix-in': [one]}],
    [{'postfix-in': [one]}, {'postfix-out': [all()]}],
  ]) {
    const [name] = Object.keys(later!)
    it(`warns, of the later one, that a single address takes from all: ${name}`, async () => {
      const message = 'postfix-out listens on *:25, but connections to 192.0.2.25:25 would go to postfix-in alone'
      const found = await check(listenerShadowed, {...first, ...later})
      assert.deepEqual(found, [{verdict: 'warn', message, instance: `/etc/${name}`}])
    })
  }

  const fine: [why: string, listeners: Record<string, Listener[]>][] = [
    ['another port', {'postfix-out': [all()], 'postfix-in': [{...one, port: 587}]}],
    ['another protocol', {'postfix-out': [all({addresses: ['::']})], 'postfix-in': [one]}],
    ['two that listen on all addresses', {'postfix-out': [all()], 'postfix-in': [all()]}],
    ['a service that is switched off', {'postfix-out': [all()], 'postfix-in': [{...one, enabled: false}]}],
    ['one instance that has both', {'postfix-in': [all(), one, all()]}],
    ['an instance that is not enabled', {'postfix-out': [all()], 'postfix-off': [one]}],
  ]
  for (const [why, listeners] of fine) {
    it(`lets pass ${why}`, async () => assert.deepEqual(await check(listenerShadowed, listeners), []))
  }
})

/** Names of instances and their listeners; postfix-off is not enabled. */
async function check(rule: typeof listenerShared, all: Record<string, Listener[]>): Promise<readonly Finding[]> {
  const instances = Object.entries(all).map(([name, listeners]) => {
    return {multi_instance_name: name, multi_instance_enable: name !== 'postfix-off', listeners}
  })
  return rule.check(await question({event: 'pre-set', instances}).read('after', rule.wants))
}

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
