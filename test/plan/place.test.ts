import assert from 'node:assert/strict'
import {Refusal} from '../../src/model/base/errors.ts'
import {insert, type ListPlace} from '../../src/plan/list-place.ts'
import {broken, deepFreeze, secondary} from '../values.ts'

const newInstance = secondary('postfix-new')
const listed = deepFreeze([
  secondary('postfix-a', {multi_instance_group: 'mta'}),
  broken('/etc/postfix-torn'),
  secondary('postfix-b', {multi_instance_group: 'mta'}),
  secondary('postfix-c', {multi_instance_group: 'mtab'}),
])

describe('a place in the start order', () => {
  const rows: [wish: string, place: ListPlace, order: string][] = [
    ['none', {}, 'a torn b c new'],
    ['before b', {place: {by: 'name', name: 'b'}}, 'a torn new b c'],
    ['after b', {after: {by: 'name', name: 'postfix-b'}}, 'a torn b new c'],
    ['before group mta', {place: {by: 'group', group: 'mta'}}, 'new a torn b c'],
    ['after group mta', {after: {by: 'group', group: 'mta'}}, 'a torn b new c'],
    ['first', {place: {by: 'all'}}, 'new a torn b c'],
    ['after all', {after: {by: 'all'}}, 'a torn b c new'],
  ]
  for (const [wish, place, order] of rows) {
    it(`${wish}: ${order}`, () => {
      assert.equal(orderOf(insert(listed, newInstance, place)), order)
    })
  }

  it('before all of an empty list is the only one', () => {
    assert.deepEqual(insert([], newInstance, {place: {by: 'all'}}), [newInstance])
  })

  it('before all is the first place, also where the first cannot be read', () => {
    const order = orderOf(insert(listed.slice(1), newInstance, {place: {by: 'all'}}))
    assert.equal(order, 'new torn b c')
  })

  const nowhere: [wish: string, place: ListPlace, why: RegExp][] = [
    ['before nobody', {place: {by: 'name', name: 'nobody'}}, /is called nobody$/],
    ['after the primary', {after: {by: 'name', name: '-'}}, /is called -$/],
    [
      'after one that cannot be read',
      {after: {by: 'name', name: '/etc/postfix-torn'}},
      /is called \/etc\/postfix-torn$/,
    ],
    ['before a group that nobody is in', {place: {by: 'group', group: 'm'}}, /is in group m$/],
  ]
  for (const [wish, place, why] of nowhere) {
    it(`${wish} is a mistake`, () => {
      assert.throws(
        () => insert(listed, newInstance, place),
        (error) => error instanceof Refusal && error.kind === 'not found' && why.test(error.explained),
      )
    })
  }
})

function orderOf(list: ReturnType<typeof insert>): string {
  return list.map((each) => each.config_directory.replace('/etc/postfix-', '')).join(' ')
}
