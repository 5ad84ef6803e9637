/** Which messages somebody asks for. */
import assert from 'node:assert/strict'
import {parseDuration} from '../../../src/model/base/duration.ts'
import {type MessageFilter, matchesMessage} from '../../../src/model/mail/queued-message.ts'

const message = {
  queue: 'deferred',
  queue_id: '4ABC',
  arrival: new Date('2026-11-25T04:10:00Z'),
  size: 254,
  sender: 'Alice@Example.org',
  recipients: [
    {address: 'bob+x@example.com', reason: 'connect to mx.example.com[192.0.2.1]:25: Connection timed out'},
    {address: 'carol@example.net', reason: ''},
  ],
}

describe('queued message', () => {
  const rows: [wanted: MessageFilter, isIt: boolean][] = [
    [{}, true],
    [{from: 'alice@example.org'}, true],
    [{from: 'lice@example.org'}, false],
    [{from: 'alice@example.or'}, false],
    [{from: '*@example.org'}, true],
    [{from: 'alice@exampleXorg'}, false],
    [{to: 'carol@example.net'}, true],
    [{to: 'bob+x@example.com'}, true],
    [{to: 'bob*'}, true],
    [{to: 'alice@example.org'}, false],
    [{reason: 'timed OUT'}, true],
    [{reason: 'refused'}, false],
    [{before: new Date('2026-11-25T04:10:01Z')}, true],
    [{before: new Date('2026-11-25T04:10:00Z')}, false],
    [{queue: 'deferred'}, true],
    [{queue: 'hold'}, false],
    [{from: '*@example.org', to: 'nobody@example.com'}, false],
  ]
  for (const [wanted, isIt] of rows) {
    it(`is ${isIt ? '' : 'not '}among ${JSON.stringify(wanted)}`, () => {
      assert.equal(matchesMessage(message, wanted), isIt)
    })
  }
})

describe('span of time', () => {
  const rows: [text: string, seconds: number | undefined][] = [
    ['90', 90],
    ['90s', 90],
    ['5m', 300],
    ['2h', 7200],
    ['1D', 86_400],
    ['1w', 604_800],
    ['', undefined],
    ['h', undefined],
    ['-1h', undefined],
    ['1y', undefined],
  ]
  for (const [text, seconds] of rows) {
    it(`'${text}' is ${seconds ?? 'none'}`, () => {
      assert.equal(parseDuration(text), seconds)
    })
  }
})
