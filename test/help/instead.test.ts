/** A line is suggested again with a flag besides, which is a flag there; or for root. */
import assert from 'node:assert/strict'
import {lineWith, suggestionsFor} from '../../src/help/instead.ts'
import {Refusal} from '../../src/model/base/errors.ts'

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

describe('what only root may do', () => {
  const refusal = new Refusal('Only root can use postfix(1)', {forRoot: true})
  for (const argv of [[], ['out', '--json']]) {
    it(`is suggested as it was typed: ${argv.join(' ') || 'nothing behind the command'}`, () => {
      const line = suggestionsFor(refusal, {id: 'instances:start', argv, flags: {}})
      assert.deepEqual(line, [['sudo', 'postmulti', 'instances', 'start', ...argv]])
    })
  }
})

describe('a word of the command that was taken for a name', () => {
  const refusal = new Refusal('No instance named reload', {
    suggestions: [['postmulti', 'instances']],
    misnamed: {name: 'reload', nearest: ['postfix-relay']},
  })
  const rows: [argv: string[], line: string[]][] = [
    [
      ['reload', 'out'],
      ['postmulti', 'instances', 'reload', 'out'],
    ],
    // Without a name it would be for all.
    [['reload'], ['postmulti', 'instances']],
  ]
  for (const [argv, line] of rows) {
    it(`is left out, if others remain: ${argv.join(' ')}`, () => {
      assert.deepEqual(suggestionsFor(refusal, {id: 'instances:reload', argv, flags: {}}), [line])
    })
  }
})
