import assert from 'node:assert/strict'
import fc from 'fast-check'
import {byteLength, fromBytes, toBytes} from '../../../src/model/base/text.ts'

describe('text from bytes', () => {
  const rows: [string, number[], string][] = [
    ['ASCII', [0x61, 0x00, 0x7f], 'a\0\x7f'],
    ['UTF-8', [0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x90, 0x9f], 'é€🐟'],
    ['a stray latin1 letter', [0x61, 0xe9, 0x62], 'a\udce9b'],
    ['UTF-8 that is cut off', [0xe2, 0x82], '\udce2\udc82'],
    ['a stray byte beside UTF-8', [0xff, 0xc3, 0xa9, 0x80], '\udcffé\udc80'],
    [
      'a stray byte behind a character whose second half looks like one',
      [0xf0, 0x90, 0x82, 0x80, 0x80],
      '\u{10080}\udc80',
    ],
    ['a surrogate in disguise', [0xed, 0xb2, 0x80], '\udced\udcb2\udc80'],
    ['an overlong slash', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['a replacement character that was one before', [0xef, 0xbf, 0xbd], '\ufffd'],
  ]
  for (const [what, bytes, text] of rows) {
    it(`keeps ${what}`, () => {
      assert.equal(fromBytes(Buffer.from(bytes)), text)
      assert.deepEqual([...toBytes(text)], bytes)
    })
  }

  it('takes latin1 text for bytes', () => {
    assert.equal(fromBytes('\xc3\xa9'), 'é')
  })

  it('loses nothing, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 40}), (bytes) => {
        assert.deepEqual([...toBytes(fromBytes(Buffer.from(bytes)))], [...bytes])
      }),
    )
  })

  it('decodes all that is UTF-8 as UTF-8', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        assert.equal(fromBytes(Buffer.from(text)), text)
      }),
    )
  })

  it('counts bytes, not characters', () => {
    assert.equal(byteLength('a€\udcff'), 5)
  })
})
