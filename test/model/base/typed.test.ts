/** Commands as one types them: every shell takes them for the words that were meant, and no terminal obeys them. */
import assert from 'node:assert/strict'
import {existsSync, realpathSync} from 'node:fs'
import fc from 'fast-check'
import {holdsControls} from '../../../src/model/base/controls.ts'
import {fromBytes} from '../../../src/model/base/text.ts'
import {typed} from '../../../src/model/base/typed.ts'
import {hostile, readBack} from '../../shells.ts'

const shells = [
  ...new Set(['/bin/sh', '/bin/bash'].filter((each) => existsSync(each)).map((each) => realpathSync(each))),
]

describe('typed', () => {
  it('quotes what a shell would take apart, and nothing else', () => {
    assert.equal(typed(['a', 'b c', "it's", '$HOME', 'x=1', '']), "a 'b c' 'it'\\''s' '$HOME' x=1 ''")
    assert.equal(typed(['/etc/postfix-out', '-', 'a@b.example', '!a']), "/etc/postfix-out - a@b.example '!a'")
  })

  it('has printf(1) write what must not be shown', () => {
    assert.equal(typed(['a\nb']), `"$(printf 'a\\012b')"`)
    assert.equal(typed(['\x1b-', '-\x1b\n']), `"$(printf '\\033-')" "$(printf '\\055\\033')\${IFS#??}"`)
  })

  for (const shell of shells) {
    it(`${shell} takes any word for itself, wherever it stands`, () => {
      const lines = [...hostile, ''].map((each) => ['postmulti', each, 'x', `a=${each}`, `/var/${each}/`, each])
      check(lines, shell)
    })

    it(`${shell} takes any bytes for themselves`, () => {
      const byte = fc.constantFrom(...Buffer.from(Array.from({length: 255}, (_, at) => at + 1)))
      const word = fc.array(byte, {maxLength: 6}).map((bytes) => fromBytes(Buffer.from(bytes)))
      check(
        fc.sample(fc.array(word, {maxLength: 4}), 50).map((words) => ['postmulti', ...words]),
        shell,
      )
    })
  }
})

function check(lines: string[][], shell: string): void {
  const printed = lines.map(typed)
  assert.deepEqual(printed.filter(holdsControls), [])
  assert.deepEqual(
    printed.filter((each) => !each.isWellFormed()),
    [],
  )
  assert.deepEqual(
    readBack(printed, shell),
    lines.map((words) => [words]),
  )
}
