import assert from 'node:assert/strict'
import type {ReorderRequest} from '../../src/model/change/request.ts'
import {planReorder} from '../../src/plan/reorder.ts'
import {deepFreeze, hostOf, secondary} from '../values.ts'

const [a, b, c] = [secondary('postfix-a'), secondary('postfix-b'), secondary('postfix-c')]
const host = hostOf([a, b, c])

describe('plan reorder', () => {
  it('is one edit of the list in the main.cf of the primary', () => {
    const {steps, before, after} = reorder('c', {place: {by: 'name', name: 'a'}})
    assert.deepEqual(steps, [
      {
        do: 'edit main.cf',
        config_directory: '/etc/postfix',
        set: {multi_instance_directories: '/etc/postfix-c /etc/postfix-a /etc/postfix-b'},
      },
    ])
    assert.deepEqual(before, host.list)
    assert.deepEqual(after.secondaries, [c, a, b])
  })

  it('puts it last without a wish', () => {
    assert.deepEqual(reorder('a').after.secondaries, [b, c, a])
  })

  it('puts it behind another', () => {
    assert.deepEqual(reorder('a', {after: {by: 'name', name: 'postfix-b'}}).after.secondaries, [b, a, c])
  })

  it('has nothing to do where it stands there already', () => {
    assert.deepEqual(reorder('b', {after: {by: 'name', name: 'a'}}).steps, [])
  })

  it('leaves alternate_config_directories alone when it does not name the instance', () => {
    const other = hostOf([a, b], {alternate_config_directories: ['/etc/postfix-else']})
    const set = reorder('b', {place: {by: 'all'}}, other).steps.flatMap((each) =>
      Object.keys('set' in each ? each.set : {}),
    )
    assert.deepEqual(set, ['multi_instance_directories'])
  })

  const refused: [what: string, name: string, wish: Partial<ReorderRequest>, why: RegExp][] = [
    ['the primary', '-', {place: {by: 'all'}}, /primary instance always starts first/],
    [
      'one before itself',
      'a',
      {place: {by: 'name', name: 'postfix-a'}},
      /postfix-a cannot start before or after itself/,
    ],
    [
      'one behind itself',
      'a',
      {after: {by: 'name', name: '/etc/postfix-a'}},
      /postfix-a cannot start before or after itself/,
    ],
    ['one before the primary', 'a', {place: {by: 'name', name: '-'}}, /No matching secondary instances/],
    ['nobody', 'nobody', {}, /No instance named nobody/],
  ]
  for (const [what, name, wish, why] of refused) {
    it(`is refused for ${what}`, () => {
      assert.throws(() => reorder(name, wish), why)
    })
  }

  it('is refused before init', () => {
    assert.throws(
      () => reorder('a', {}, hostOf([a, b], {multi_instance_wrapper: ''})),
      /multi_instance_wrapper is empty/,
    )
  })
})

function reorder(name: string, wish: Partial<ReorderRequest> = {}, on = host) {
  return planReorder(deepFreeze({action: 'reorder', target: {by: 'name', name}, ...wish}), on)
}
