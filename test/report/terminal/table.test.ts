/** Rows under a header. */
import assert from 'node:assert/strict'
import {type Column, type Row, toTable} from '../../../src/report/terminal/table.ts'

const columns: Column[] = [
  {heading: 'NAME'},
  {heading: 'QUEUED', align: 'right', spare: 1},
  {heading: 'CONFIG_DIRECTORY', prose: true},
]
const rows = [
  row('postfix-out', '7', '/etc/postfix-out'),
  row('-', '12345678', '/etc/postfix-with-a-very-long-name-in-front-of-the-filter'),
]

describe('table', () => {
  it('is aligned, numbers to the right, and has no blanks at the ends', () => {
    assert.deepEqual(lines(rows.slice(0, 1)), [
      'NAME         QUEUED  CONFIG_DIRECTORY',
      'postfix-out       7  /etc/postfix-out',
    ])
  })

  it('may do without the line that says what the columns are', () => {
    const terminal = {width: undefined, paint: (_style: string, text: string) => text}
    assert.equal(
      toTable(columns, rows.slice(0, 1), terminal, {hasHeader: false}),
      'postfix-out       7  /etc/postfix-out'.replace(/ {7}7/, '  7'),
    )
  })

  it('keeps every cell whole where there is no terminal', () => {
    assert.match(lines(rows).join('\n'), /in-front-of-the-filter$/)
  })

  it('fits into the lines of a terminal, at the cost of prose', () => {
    const [, out = '', long = ''] = lines(rows, 50)
    assert.equal(long.length, 50)
    assert.match(long, /^- +12345678 {2}\/etc\/postfix-with-.*…$/)
    assert.match(out, /\/etc\/postfix-out$/)
  })

  it('leaves out what can be spared where there is no room for it, and never cuts a name', () => {
    const [heading, out] = lines([row('postfix-with-a-long-name', '7', '/etc/postfix-x')], 40)
    assert.equal(heading, 'NAME                      CONFIG_DIRECT…')
    assert.equal(out, 'postfix-with-a-long-name  /etc/postfix-x')
    const [, alone] = lines([row('postfix-with-a-long-name', '7', '/etc/postfix-x')], 20)
    assert.match(alone ?? '', /^postfix-with-a-long-name {2}/)
  })

  it('says in ASCII that something was cut, where nothing else can be shown', () => {
    const shown = [row('-', '1', '/etc/postfix-with-a-very-long-name')]
    const table = toTable(columns, shown, {width: 30, ellipsis: '...', paint: (_, text) => text})
    assert.match(table, /^[\x20-\x7e\n]+$/)
    assert.match(table, /\/etc\/.*\.\.\.$/)
  })

  it('says the same shortly before it leaves anything out', () => {
    const cells = [{text: 'postfix-out'}, {text: 'since 2026-11-30 04:10', short: 'since 04:10'}, {text: '/etc'}]
    assert.match(lines([{cells}], 40).join('\n'), /postfix-out {2}since 04:10 {2}\/etc/)
    assert.match(lines([{cells}], 60).join('\n'), /since 2026-11-30 04:10/)
  })

  it('never shortens a note', () => {
    const [, noted] = lines([{...row('?', '?', '/etc/postfix-x'), note: 'main.cf, line 7: oops'}], 20)
    assert.match(noted ?? '', / main\.cf, line 7: oops$/)
  })

  it('lets no cell move the cursor', () => {
    assert.doesNotMatch(lines([row('a\x1b[2Jb\n', '1', '/etc')]).join(''), /[\x00-\x1f]/)
  })

  it('paints text, but no blanks', () => {
    const cells = [{text: 'a', style: 'green' as const}, {text: '1'}, {text: '/etc'}]
    const table = toTable(columns, [{cells}], {width: undefined, paint: (style, text) => `<${style} ${text}>`})
    assert.match(table, /\n<green a> {3} +1 {2}\/etc$/)
  })
})

function row(...texts: string[]): Row {
  return {cells: texts.map((text) => ({text}))}
}

function lines(shown: Row[], width?: number): string[] {
  return toTable(columns, shown, {width, paint: (_, text) => text}).split('\n')
}
