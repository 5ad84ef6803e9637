import assert from 'node:assert/strict'
import type {Step} from '../../../src/model/change/plan.ts'
import {fileChanges, unifiedDiff} from '../../../src/report/terminal/diff.ts'
import {deepFreeze} from '../../values.ts'

const files = new Map([
  ['/etc/postfix/main.cf', 'a = 1\nb = 1\n'],
  ['/meta/main.cf.proto', 'a = 0\n'],
])

describe('what a plan makes of files', () => {
  it('is one change for each file, whatever steps it takes', () => {
    const steps: Step[] = [
      {do: 'edit main.cf', config_directory: '/etc/postfix', set: {a: '2'}},
      {do: 'edit main.cf', config_directory: '/etc/postfix', set: {a: '3'}, unset: ['b']},
    ]
    assert.deepEqual(changesOf(steps), [
      {path: '/etc/postfix/main.cf', from: '/etc/postfix/main.cf', before: 'a = 1\nb = 1\n', after: 'a = 3\n'},
    ])
  })

  it('compares a new file with the one that it is made after', () => {
    const [change] = changesOf([
      {do: 'write file', path: '/new/main.cf', bytes: 'a = 9\n', mode: 0o644, from: '/meta/main.cf.proto'},
    ])
    assert.equal(change?.before, 'a = 0\n')
    assert.equal(change?.from, '/meta/main.cf.proto')
  })

  it('compares a file that is written with itself, when it is there', () => {
    const [change] = changesOf([
      {do: 'write file', path: '/etc/postfix/main.cf', bytes: 'a = 9\n', mode: 0o644, from: '/meta/main.cf.proto'},
    ])
    assert.equal(change?.before, 'a = 1\nb = 1\n')
  })

  it('sees an edit of a file that an earlier step has written', () => {
    const steps: Step[] = [
      {do: 'write file', path: '/new/main.cf', bytes: 'a = 9\n', mode: 0o644},
      {do: 'edit main.cf', config_directory: '/new', set: {c: 'é'}},
    ]
    assert.equal(changesOf(steps)[0]?.after, 'a = 9\nc = \xc3\xa9\n')
  })

  it('leaves out what stays as it is, and what is no text', () => {
    const steps: Step[] = [
      {do: 'edit main.cf', config_directory: '/etc/postfix', set: {a: '1'}},
      {do: 'write file', path: '/etc/postfix/table.db', bytes: '\0\x01', mode: 0o644},
      {do: 'make directory', path: '/new', mode: 0o755},
    ]
    assert.deepEqual(changesOf(steps), [])
  })

  it('is printed as diff -u does, in UTF-8', async () => {
    const diff = await unifiedDiff({path: '/b', from: '/a', before: 'x = \xc3\xa9\n', after: 'x = y\n'})
    assert.equal(diff, '--- /a\n+++ /b\n@@ -1,1 +1,1 @@\n-x = é\n+x = y')
  })
})

function changesOf(steps: Step[]) {
  return fileChanges(deepFreeze(steps), (path) => files.get(path))
}
