/** Where a server listens, as somebody types it. */
import assert from 'node:assert/strict'
import {isOfThisHost, type ListenAddress, parseListenAddress} from '../../../src/model/master-cf/listen-address.ts'

describe('listen address', () => {
  const rows: [text: string, address: ListenAddress | undefined, isOfThisHost?: boolean][] = [
    ['/run/postmulti/metrics.sock', {at: 'path', path: '/run/postmulti/metrics.sock'}, true],
    ['127.0.0.1:9154', {at: 'port', host: '127.0.0.1', port: 9154}, true],
    ['localhost:9154', {at: 'port', host: '127.0.0.1', port: 9154}, true],
    ['[::1]:9154', {at: 'port', host: '::1', port: 9154}, true],
    ['192.0.2.25:9154', {at: 'port', host: '192.0.2.25', port: 9154}, false],
    ['0.0.0.0:9154', {at: 'port', host: '0.0.0.0', port: 9154}, false],
    ['[::]:9154', {at: 'port', host: '::', port: 9154}, false],
    ['[::127.0.0.1]:9154', {at: 'port', host: '::127.0.0.1', port: 9154}, false],
    ['systemd', {at: 'systemd'}, true],
    ['metrics.sock', undefined],
    ['/run/postmulti/', undefined],
    ['/run/\udcff', undefined],
    ['9154', undefined],
    [':9154', undefined],
    ['127.0.0.1', undefined],
    ['127.0.0.1:0', undefined],
    ['127.0.0.1:65536', undefined],
    ['::1:9154', undefined],
    ['mta1.example.com:9154', undefined],
  ]
  for (const [text, address, isOurs] of rows) {
    it(`${text} is ${address === undefined ? 'none' : JSON.stringify(address)}`, () => {
      const parsed = parseListenAddress(text)
      assert.deepEqual(parsed, address)
      if (parsed !== undefined) assert.equal(isOfThisHost(parsed), isOurs)
    })
  }
})
