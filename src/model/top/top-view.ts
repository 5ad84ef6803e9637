/**
 * What the reader of `postmulti top` looks at: the row that is selected, how far the list is scrolled, by what it is
 * sorted and filtered; and what each key does to that.
 */
import {rowKey, type SortKey, sortKeys, type TopRow} from './top.ts'

export interface TopView {
  sort: SortKey
  reversed: boolean
  filter: string
  /** What is typed goes into the filter. */
  isTyping: boolean
  showsHelp: boolean
  /** config_directory of the selected row; a row that is gone gives way to the first one. */
  selected: string | undefined
  /** How many rows are scrolled out at the top. */
  scrolled: number
}

export const firstView: TopView = {
  sort: 'order',
  reversed: false,
  filter: '',
  isTyping: false,
  showsHelp: false,
  selected: undefined,
  scrolled: 0,
}

/** A key that has a name, or what was typed. */
export type Key =
  | 'up'
  | 'down'
  | 'page up'
  | 'page down'
  | 'home'
  | 'end'
  | 'left'
  | 'right'
  | 'enter'
  | 'escape'
  | 'backspace'
  | 'erase'
  | 'interrupt'
  | 'suspend'
  | 'redraw'
  | {typed: string}

export type Wish = 'quit' | 'suspend' | 'refresh'

/** What is wanted beyond another view, if anything. `rows` are those that are there, `page` is how many are seen. */
export function press(view: TopView, key: Key, rows: readonly TopRow[], page: number): {view: TopView; wish?: Wish} {
  if (key === 'interrupt') return {view, wish: 'quit'}
  if (key === 'suspend') return {view, wish: 'suspend'}
  if (key === 'redraw') return {view, wish: 'refresh'}
  if (view.showsHelp) {
    const isQuit = typeof key === 'object' && key.typed === 'q'
    return {view: {...view, showsHelp: false}, ...(isQuit ? {wish: 'quit'} : {})}
  }
  if (view.isTyping) return {view: type(view, key)}
  if (typeof key !== 'object') return {view: move(view, key, rows, page)}
  return letter(view, key.typed, rows, page)
}

/** The row under the cursor, and the first one that is seen, as they must be for these rows. */
export function settle(view: TopView, rows: readonly TopRow[], page: number): {at: number; first: number} {
  const found = rows.findIndex((each) => rowKey(each) === view.selected)
  const at = Math.max(0, found)
  const last = Math.max(0, rows.length - page)
  const first = Math.min(Math.max(0, at - page + 1, Math.min(view.scrolled, at)), last)
  return {at, first}
}

function letter(view: TopView, typed: string, rows: readonly TopRow[], page: number): {view: TopView; wish?: Wish} {
  switch (typed) {
    case 'q':
      return {view, wish: 'quit'}
    case ' ':
      return {view, wish: 'refresh'}
    case '?':
    case 'h':
      return {view: {...view, showsHelp: true}}
    case '/':
      return {view: {...view, isTyping: true}}
    case 'r':
      return {view: {...view, reversed: !view.reversed, scrolled: 0}}
    case '<':
      return {view: sortByNext(view, -1)}
    case 's':
    case '>':
      return {view: sortByNext(view, 1)}
    case 'j':
      return {view: move(view, 'down', rows, page)}
    case 'k':
      return {view: move(view, 'up', rows, page)}
    case 'g':
      return {view: move(view, 'home', rows, page)}
    case 'G':
      return {view: move(view, 'end', rows, page)}
    default: {
      const sort = byLetter[typed]
      return {view: sort === undefined ? view : {...view, sort, reversed: false, scrolled: 0}}
    }
  }
}

/** Those that are asked for most. */
const byLetter: Record<string, SortKey> = {
  o: 'order',
  n: 'name',
  t: 'state',
  f: 'full',
  u: 'queued',
  d: 'deferred',
  i: 'in',
  b: 'bounced',
  x: 'rejected',
  a: 'oldest',
}

/** To the next column, round and round. */
function sortByNext(view: TopView, by: number): TopView {
  const at = (sortKeys.indexOf(view.sort) + by + sortKeys.length) % sortKeys.length
  return {...view, sort: sortKeys[at]!, reversed: false, scrolled: 0}
}

function move(view: TopView, key: Exclude<Key, object>, rows: readonly TopRow[], page: number): TopView {
  const {at, first} = settle(view, rows, page)
  const to = (index: number): TopView => {
    const row = rows[Math.min(Math.max(0, index), rows.length - 1)]
    const moved = {...view, selected: row === undefined ? undefined : rowKey(row), scrolled: first}
    return {...moved, scrolled: settle(moved, rows, page).first}
  }
  switch (key) {
    case 'up':
      return to(at - 1)
    case 'down':
      return to(at + 1)
    case 'page up':
      return to(at - page)
    case 'page down':
      return to(at + page)
    case 'home':
      return to(0)
    case 'end':
      return to(rows.length - 1)
    case 'left':
      return sortByNext(view, -1)
    case 'right':
      return sortByNext(view, 1)
    case 'escape':
      return {...view, filter: ''}
    default:
      return view
  }
}

function type(view: TopView, key: Key): TopView {
  if (typeof key === 'object') return {...view, filter: view.filter + key.typed.replace(/[\0-\x1f\x7f-\x9f]/g, '')}
  if (key === 'backspace') return {...view, filter: [...view.filter].slice(0, -1).join('')}
  if (key === 'erase') return {...view, filter: ''}
  if (key === 'escape') return {...view, filter: '', isTyping: false}
  return key === 'enter' ? {...view, isTyping: false} : view
}
