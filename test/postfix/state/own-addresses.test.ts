/** What the kernel tells of the addresses of this host. */
import assert from 'node:assert/strict'
import {parseLocalNetworks, readOwnAddresses} from '../../../src/postfix/state/own-addresses.ts'

const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/8 2 0 2
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST
     |-- 192.0.2.25
        /32 link UNICAST
        /32 host LOCAL
`

describe('own addresses', () => {
  it('are what the kernel takes for its own, and no other entries of its table', () => {
    const found = parseLocalNetworks(trie).map(({bits, length}) => [bits.toString(16), length])
    assert.deepEqual(found, [
      ['7f000000', 8],
      ['7f000001', 32],
      ['c0000219', 32],
    ])
  })

  it('are found for this host, and what it can bind to besides', () => {
    const {has, canBind} = readOwnAddresses()
    assert.deepEqual(
      [has('127.0.0.1'), has('127.9.9.9'), canBind('127.9.9.9'), canBind('0.0.0.0')],
      [true, false, true, true],
    )
    assert.deepEqual([has('2001:db8::9'), has('192.0.2.9')], [false, false])
  })
})
