/**
 * Rows under a header, in columns as wide as they must be. A terminal gets what fits into its lines; anything else gets
 * every cell whole, so that programs can read it. Colours are the business of the caller's `paint`.
 */
import * as controls from '../model/controls.ts'

export interface Column {
  heading: string
  /** Numbers stand under their last digit. */
  align?: 'right'
}

export interface Cell {
  text: string
  style?: Style
}

export type Style = 'bold' | 'dim' | 'green' | 'inverse' | 'red' | 'yellow'

export interface Row {
  cells: Cell[]
  /** Stands behind the last column and is never shortened. */
  note?: string
}

export interface Paper {
  /** Characters in a line; undefined where there is no limit. */
  width: number | undefined
  paint(style: Style, text: string): string
}

const gap = '  '
/** A column that is shorter says nothing any more. */
const narrowest = 8

export function toTable(columns: readonly Column[], rows: readonly Row[], {width, paint}: Paper): string {
  const header: Row = {cells: columns.map(({heading}) => ({text: heading, style: 'bold'}))}
  const shown = [header, ...rows].map((each) => ({...each, cells: each.cells.map(withoutControls)}))
  const widths = narrow(
    columns.map((_, at) => Math.max(...shown.map(({cells}) => cells[at]?.text.length ?? 0))),
    width,
  )
  return shown.map((each) => toLine(each)).join('\n')

  function toLine({cells, note}: Row): string {
    const last = note === undefined ? cells.findLastIndex(({text}) => text !== '') : cells.length - 1
    const parts = cells.slice(0, last + 1).map(({text, style}, at) => {
      const cut = shorten(text, widths[at] ?? 0)
      const blanks = ' '.repeat((widths[at] ?? 0) - cut.length)
      const painted = style === undefined || cut === '' ? cut : paint(style, cut)
      if (columns[at]?.align === 'right') return blanks + painted
      return at === last && note === undefined ? painted : painted + blanks
    })
    return [...parts, ...(note === undefined ? [] : [note])].join(gap)
  }
}

/** Takes from the widest column until all fit, or nothing more can be taken. */
function narrow(widths: readonly number[], width: number | undefined): number[] {
  const fitting = [...widths]
  if (width === undefined) return fitting
  const total = (): number => fitting.reduce((sum, each) => sum + each, gap.length * (fitting.length - 1))
  while (total() > width) {
    const widest = Math.max(...fitting)
    if (widest <= narrowest) break
    fitting[fitting.lastIndexOf(widest)] = widest - 1
  }
  return fitting
}

export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

/** A directory may have any name: none shall move the cursor. */
export function withoutControls(cell: Cell): Cell {
  return {...cell, text: controls.withoutControls(cell.text)}
}
