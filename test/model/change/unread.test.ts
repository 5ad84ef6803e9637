import assert from 'node:assert/strict'
import {unreadParameters} from '../../../src/model/change/unread.ts'
import type {Listener} from '../../../src/model/master-cf/listeners.ts'

describe('what master(8) has not taken over', () => {
  const both = ['inet_protocols', 'inet_interfaces']
  const rows: [what: string, wanted: string, held: string, unread: string[]][] = [
    ['nothing, when it listens where it should', '127.0.0.1', '127.0.0.1', []],
    ['nothing, when it should not listen and does not', '', '', []],
    ['another address', '192.0.2.25', '127.0.0.1', ['inet_interfaces']],
    ['one address less', '127.0.0.1', '127.0.0.1 192.0.2.25', ['inet_interfaces']],
    ['one in place of all', '127.0.0.1', '0.0.0.0', ['inet_interfaces']],
    ['a protocol less', '0.0.0.0', '0.0.0.0 ::', both],
    ['a protocol more', '0.0.0.0 ::', '0.0.0.0', both],
    ['nothing that can be told, when a name is in the DNS alone', 'mx.example.com', '127.0.0.1', []],
  ]
  for (const [what, wanted, held, unread] of rows) {
    it(`is ${what}`, () => assert.deepEqual(unreadParameters([listener(words(wanted))], places(held), true), unread))
  }

  it('is nothing of IPv6 where the kernel has none', () => {
    assert.deepEqual(unreadParameters([listener(['0.0.0.0', '::'])], places('0.0.0.0'), false), [])
  })

  it('is nothing of a service that is switched off', () => {
    assert.deepEqual(unreadParameters([{...listener(['127.0.0.1']), enabled: false}], [], true), [])
  })
})

function listener(addresses: string[]): Listener {
  return {service: 'smtp/inet', address: '*', addresses, port: 25, command: 'smtpd', enabled: true}
}

function places(text: string) {
  return words(text).map((address) => ({address, port: 25}))
}

function words(text: string): string[] {
  return text.split(' ').filter((each) => each !== '')
}
