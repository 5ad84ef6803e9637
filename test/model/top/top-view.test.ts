/** What keys do to the view of `postmulti top`. */
import assert from 'node:assert/strict'
import {firstView, type Key, press, settle, type TopView, type Wish} from '../../../src/model/top/top-view.ts'
import {broken} from '../../values.ts'

const rows = Array.from({length: 30}, (_, at) => broken(`/etc/postfix-${at + 1}`))
const page = 10

describe('view of top', () => {
  const moves: [keys: Key[], selected: number, first: number][] = [
    [[], 1, 1],
    [['up'], 1, 1],
    [['down', 'down'], 3, 1],
    [['page down'], 11, 2],
    [['page down', 'page down', 'page up'], 11, 11],
    [['end'], 30, 21],
    [['end', 'down'], 30, 21],
    [['end', 'up'], 29, 21],
    [['end', 'home'], 1, 1],
    [[{typed: 'j'}, {typed: 'j'}, {typed: 'k'}], 2, 1],
    [[{typed: 'G'}, {typed: 'g'}], 1, 1],
  ]
  for (const [keys, selected, first] of moves) {
    it(`after ${JSON.stringify(keys)} row ${selected} is selected, and ${first} the first one that is seen`, () => {
      const found = settle(pressed(keys).view, rows, page)
      assert.deepEqual([found.at + 1, found.first + 1], [selected, first])
    })
  }

  it('stays with an instance whose row moves', () => {
    const {view} = pressed(['down', 'down'])
    assert.equal(settle(view, rows.toReversed(), page).at, 27)
  })

  it('is at the first row when the selected one is gone', () => {
    assert.deepEqual(settle(pressed(['end']).view, rows.slice(0, 3), page), {at: 0, first: 0})
    assert.deepEqual(settle(pressed(['end']).view, [], page), {at: 0, first: 0})
  })

  it('is sorted by the next column, the one before, and back', () => {
    assert.equal(pressed([{typed: '>'}]).view.sort, 'name')
    assert.equal(pressed(['left']).view.sort, 'oldest')
    assert.equal(pressed([{typed: '<'}, {typed: 's'}]).view.sort, 'order')
    assert.deepEqual(pick(pressed([{typed: 'd'}, {typed: 'r'}]).view), ['deferred', true])
    assert.deepEqual(pick(pressed([{typed: 'd'}, {typed: 'r'}, {typed: 'b'}]).view), ['bounced', false])
  })

  it('has in its filter what is typed, quit and all, until Enter', () => {
    const typing = [{typed: '/'}, {typed: 'q'}, {typed: 'x'}, 'backspace', {typed: '\x1b'}] as const
    const {view, wish} = pressed([...typing])
    assert.deepEqual([view.filter, view.isTyping, wish], ['q', true, undefined])
    assert.equal(pressed([...typing, 'enter']).view.isTyping, false)
    assert.equal(pressed([...typing, 'enter', {typed: 'q'}]).wish, 'quit')
    assert.equal(pressed([...typing, 'enter', 'escape']).view.filter, '')
    assert.deepEqual(pickFilter(pressed([...typing, 'escape']).view), ['', false])
    assert.deepEqual(pickFilter(pressed([...typing, 'erase']).view), ['', true])
  })

  it('shows help until any key, which does nothing else', () => {
    assert.equal(pressed([{typed: '?'}]).view.showsHelp, true)
    const {view, wish} = pressed([{typed: '?'}, {typed: 'd'}])
    assert.deepEqual([view, wish], [firstView, undefined])
    assert.equal(pressed([{typed: '?'}, {typed: 'q'}]).wish, 'quit')
  })

  const wishes: [key: Key, wish: Wish][] = [
    ['interrupt', 'quit'],
    [{typed: 'q'}, 'quit'],
    ['suspend', 'suspend'],
    ['redraw', 'refresh'],
    [{typed: ' '}, 'refresh'],
  ]
  for (const [key, wish] of wishes) {
    it(`${JSON.stringify(key)} is to ${wish}`, () => {
      assert.equal(pressed([key]).wish, wish)
    })
  }

  it('is left at an interrupt while a filter is typed', () => {
    assert.equal(pressed([{typed: '/'}, 'interrupt']).wish, 'quit')
  })
})

function pressed(keys: Key[]): {view: TopView; wish?: Wish} {
  return keys.reduce<{view: TopView; wish?: Wish}>(({view}, key) => press(view, key, rows, page), {
    view: firstView,
  })
}

function pick({sort, reversed}: TopView): [string, boolean] {
  return [sort, reversed]
}

function pickFilter({filter, isTyping}: TopView): [string, boolean] {
  return [filter, isTyping]
}
