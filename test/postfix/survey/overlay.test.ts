import assert from 'node:assert/strict'
import type {Step} from '../../../src/model/change/plan.ts'
import {overlay} from '../../../src/postfix/survey/overlay.ts'

const files = new Map([
  ['/etc/postfix-a/main.cf', 'mail_name = A\n'],
  ['/etc/postfix/master.cf.proto', 'smtp inet n - n - - smtpd\n'],
])
const readNow = (path: string): string => {
  const text = files.get(path)
  if (text === undefined) throw Object.assign(new Error(path), {code: 'ENOENT'})
  return text
}
const main = '/etc/postfix-a/main.cf'
const rows: [title: string, steps: Step[], path: string, text: string | null][] = [
  ['a file that no step is about', [], main, 'mail_name = A\n'],
  ['a file that is written', [{do: 'write file', path: main, bytes: 'x', mode: 0o644}], main, 'x'],
  [
    'a file that is copied',
    [{do: 'copy file', from: '/etc/postfix/master.cf.proto', to: '/b/master.cf'}],
    '/b/master.cf',
    'smtp inet n - n - - smtpd\n',
  ],
  [
    'a parameter that is set',
    [{do: 'edit main.cf', config_directory: '/etc/postfix-a', set: {mail_name: 'é'}}],
    main,
    'mail_name = \xc3\xa9\n',
  ],
  [
    'one that is removed',
    [{do: 'edit main.cf', config_directory: '/etc/postfix-a', set: {}, unset: ['mail_name']}],
    main,
    '',
  ],
  [
    'a file that is written and then edited',
    [
      {do: 'write file', path: main, bytes: 'a = 1\n', mode: 0o644},
      {do: 'edit main.cf', config_directory: '/etc/postfix-a', set: {b: '2'}},
    ],
    main,
    'a = 1\nb = 2\n',
  ],
  ['a file that is removed', [{do: 'remove', path: main, holds: []}], main, null],
  [
    'a file below a directory that is removed',
    [{do: 'remove', path: '/etc/postfix-a', holds: ['main.cf']}],
    main,
    null,
  ],
  [
    'a file that comes back',
    [
      {do: 'remove', path: '/etc/postfix-a', holds: []},
      {do: 'write file', path: main, bytes: 'new', mode: 0o644},
    ],
    main,
    'new',
  ],
  [
    'a file that an undo brings back',
    [{do: 'restore', trace: {was: 'file', path: main, base64: 'b2xk', seconds: 1, mode: 0o644, uid: 0, gid: 0}}],
    main,
    'old',
  ],
  ['a file that an undo takes away', [{do: 'restore', trace: {was: 'absent', path: main}}], main, null],
]

describe('what will be in a file, before the steps are carried out', () => {
  for (const [title, steps, path, text] of rows) {
    it(title, () => {
      const {read} = overlay(steps, readNow)
      if (text === null) assert.throws(() => read(path), {code: 'ENOENT'})
      else assert.equal(read(path), text)
    })
  }

  it('is told apart from what stays as it is', () => {
    const {touches} = overlay([{do: 'remove', path: '/etc/postfix-a', holds: []}], readNow)
    assert.equal(touches(main), true)
    assert.equal(touches('/etc/postfix-ab/main.cf'), false)
  })
})
