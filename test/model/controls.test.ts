/** What a terminal is not told. */
import assert from 'node:assert/strict'
import {styleText} from 'node:util'
import {colouredWithoutControls, linesWithoutControls, withoutControls} from '../../src/model/controls.ts'

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
    assert.equal(colouredWithoutControls('\x1b[8mhidden\x1b[0m'), '?[8mhidden?[0m')
  })
})
