import assert from 'node:assert/strict'
import type {Host} from '../../src/model/change/facts.ts'
import {editList} from '../../src/plan/list.ts'
import {broken, hostOf, listOf, secondary} from '../values.ts'

describe("edit of the primary's list", () => {
  const after = listOf(
    secondary('postfix-out'),
    broken('/etc/postfix-torn'),
    secondary('postfix-in', {config_directory: '/srv/in/'}),
  )
  const written = '/etc/postfix-out /etc/postfix-torn /srv/in/'

  it('is one line of absolute paths between single blanks, in start order, with those that cannot be read', () => {
    assert.deepEqual(editList(hostOf([]), after, {drop: '/etc/postfix-x'}), {
      do: 'edit main.cf',
      config_directory: '/etc/postfix',
      set: {multi_instance_directories: written},
    })
  })

  it('is empty when nobody is left', () => {
    assert.deepEqual(setBy([], {drop: '/etc/postfix-x'}, listOf()), {multi_instance_directories: ''})
  })

  const rows: [
    title: string,
    alternate: string[],
    change: {drop: string} | {add: string},
    written: string | undefined,
  ][] = [
    ['takes out who joins', ['/etc/a', '/etc/x', '/etc/b'], {drop: '/etc/x'}, '/etc/a /etc/b'],
    ['takes out every mention of who joins', ['/etc/x', '/etc/b', '/etc/x'], {drop: '/etc/x'}, '/etc/b'],
    ['may become empty', ['/etc/x'], {drop: '/etc/x'}, ''],
    ['is not touched where who joins is not in it', ['/etc/xx'], {drop: '/etc/x'}, undefined],
    ['gets who leaves at its end', ['/etc/b', '/etc/a'], {add: '/etc/x'}, '/etc/b /etc/a /etc/x'],
    ['begins with who leaves', [], {add: '/etc/x'}, '/etc/x'],
    ['is not touched where who leaves is in it', ['/etc/x', '/etc/a'], {add: '/etc/x'}, undefined],
  ]
  for (const [title, alternate, change, expected] of rows) {
    it(`alternate_config_directories ${title}`, () => {
      assert.equal(setBy(alternate, change).alternate_config_directories, expected)
      assert.equal(setBy(alternate, change).multi_instance_directories, written)
    })
  }

  function setBy(
    alternate_config_directories: Host['alternate_config_directories'],
    change: {drop: string} | {add: string},
    list = after,
  ) {
    const step = editList(hostOf([], {alternate_config_directories}), list, change)
    assert.ok(step.do === 'edit main.cf')
    return step.set
  }
})
