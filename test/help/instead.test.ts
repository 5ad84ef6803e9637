/** A line is suggested again with a flag besides, which is a flag there. */
import assert from 'node:assert/strict'
import {lineWith} from '../../src/help/instead.ts'

describe('the same line with a flag besides', () => {
  const flags = {to: {type: 'option'}, all: {type: 'boolean'}} as const
  const rows: [argv: string[], line: string[]][] = [
    [['x'], ['x', '--yes']],
    [
      ['--', 'x'],
      ['--yes', '--', 'x'],
    ],
    [
      ['--to', '--'],
      ['--to', '--', '--yes'],
    ],
    [
      ['--to', '--', '--', 'x'],
      ['--to', '--', '--yes', '--', 'x'],
    ],
    [
      ['--all', '--', '--to', '--'],
      ['--all', '--yes', '--', '--to', '--'],
    ],
  ]
  for (const [argv, line] of rows) {
    it(`of ${argv.join(' ')} is ${line.join(' ')}`, () => {
      assert.deepEqual(lineWith(['--yes'], {id: 'flow', argv, flags}), ['postmulti', 'flow', ...line])
    })
  }
})
