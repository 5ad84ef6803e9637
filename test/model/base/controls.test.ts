/** What a terminal is not told. */
import assert from 'node:assert/strict'
import {styleText} from 'node:util'
import {colouredWithoutControls, linesWithoutControls, withoutControls} from '../../../src/model/base/controls.ts'
import {toJsonText} from '../../../src/model/base/json.ts'

const text = 'a\x1b[2Jb\x07\r\x9bc\x7f\udc9bd\ud83d\ude00 é\udcff'

describe('characters that a terminal obeys', () => {
  it('are question marks, each, and letters stay as they are', () => {
    assert.equal(withoutControls(text), 'a?[2Jb???c??d\ud83d\ude00 é\udcff')
  })

  it('are no ends of lines and no tabs where there are several lines', () => {
    assert.equal(withoutControls('a\n\tb'), 'a??b')
    assert.equal(linesWithoutControls(`a\n\t${text}`), `a\n\t${withoutControls(text)}`)
  })

  it('are not our own colours, but those that hide something', () => {
    for (const style of ['bold', 'dim', 'green', 'red', 'yellow', 'cyan'] as const) {
      const coloured = styleText(style, 'a', {validateStream: false})
      assert.equal(colouredWithoutControls(`${coloured}\n${text}`), `${coloured}\n${withoutControls(text)}`)
    }
    for (const each of ['8', '0', '30', '37']) {
      assert.equal(colouredWithoutControls(`\x1b[${each}mhidden`), `?[${each}mhidden`)
    }
  })

  it('are all of C0 and C1, the other way of writing, ends of lines, and the mark of the byte order', () => {
    const last = [0x1f, 0x9f, 0x61c, 0x200f, 0x202e, 0x2029, 0x2069, 0xfeff, 0xdc9f]
    for (const [at, first] of [0x00, 0x7f, 0x61c, 0x200e, 0x202a, 0x2028, 0x2066, 0xfeff, 0xdc80].entries()) {
      for (let code = first; code <= last[at]!; code++) {
        assert.equal(withoutControls(`a${String.fromCharCode(code)}b`), 'a?b', code.toString(16))
      }
    }
  })

  it('are no halves of a letter', () => {
    assert.equal(withoutControls('\u{1f480}\u{1fc90}'), '\u{1f480}\u{1fc90}')
  })

  it('are escaped in JSON, which stays the same value', () => {
    const value = {[text]: ['\u202e\u2028\ufeff\n\t', {text}]}
    for (const layout of ['lines', 'line'] as const) {
      const json = toJsonText(value, layout)
      assert.equal(linesWithoutControls(json), json)
      assert.deepEqual(JSON.parse(json), value)
    }
  })
})
