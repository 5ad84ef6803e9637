/**
 * Rows under a header, in columns as wide as they must be. A terminal gets what fits into its lines, and never a part of
 * what one has to type; anything else gets every cell whole, so that programs can read it. Colours are the business of
 * the caller's `paint`.
 */
import * as controls from '../../model/base/controls.ts'
import {columnsOf, shorten} from './width.ts'

export interface Column {
  heading: string
  /** Numbers stand under their last digit. */
  align?: 'right'
  /** It says something also when it is cut; all else is there whole, or not at all. */
  prose?: boolean
  /** Where the lines are too short the column is skipped, the smallest number first. */
  spare?: number | undefined
}

export interface Cell {
  text: string
  /** In the place of the text where the lines are too short for that. */
  short?: string
  style?: Style
}

export type Style = 'bold' | 'dim' | 'green' | 'inverse' | 'red' | 'yellow'

export interface Row {
  cells: Cell[]
  /** Stands behind the last column and is never shortened. */
  note?: string
}

export interface Terminal {
  /** Characters in a line; undefined where there is no limit. */
  width: number | undefined
  /** Stands for what was cut; … when absent. */
  ellipsis?: string
  paint(style: Style, text: string): string
}

const gap = '  '
/** Prose that is shorter says nothing any more. */
const narrowest = 8

export function toTable(
  columns: readonly Column[],
  rows: readonly Row[],
  {width, ellipsis, paint}: Terminal,
  {hasHeader = true} = {},
): string {
  const header: Row = {cells: columns.map(({heading}) => ({text: heading, style: 'bold'}))}
  const whole = [...(hasHeader ? [header] : []), ...rows].map((each) => ({
    ...each,
    cells: each.cells.map(cellWithoutControls),
  }))
  const short = whole.map((each) => ({
    ...each,
    cells: each.cells.map((cell) => ({...cell, text: cell.short ?? cell.text})),
  }))
  let layout = layOut(columns, whole, width)
  let kept = [...columns.entries()]
  const spare = kept.flatMap(([at, {spare: rank}]) => (rank === undefined ? [] : [{at, rank}]))
  for (const next of [undefined, ...spare.sort((one, other) => one.rank - other.rank)]) {
    if (layout.fits) break
    kept = kept.filter(([at]) => at !== next?.at)
    const shown = short.map((each) => ({...each, cells: kept.map(([at]) => each.cells[at] ?? {text: ''})}))
    const left = kept.map(([, column]) => column)
    layout = layOut(left, shown, width)
  }
  return layout.shown.map((each) => toTableLine(each, layout, {ellipsis, paint})).join('\n')
}

interface TableLayout {
  columns: readonly Column[]
  shown: readonly Row[]
  widths: readonly number[]
  fits: boolean
}

/** Takes from the widest column of prose until all fit, or nothing more can be taken. */
function layOut(columns: readonly Column[], shown: readonly Row[], width = Number.POSITIVE_INFINITY): TableLayout {
  const sized = columns.map(({prose = false}, at) => {
    return {prose, width: Math.max(...shown.map(({cells}) => columnsOf(cells[at]?.text ?? '')))}
  })
  const prose = sized.filter((each) => each.prose)
  const total = (): number => sized.reduce((sum, each) => sum + each.width, gap.length * (sized.length - 1))
  while (total() > width) {
    const widest = prose.reduceRight((found, each) => (each.width > found.width ? each : found), {width: narrowest})
    if (widest.width === narrowest) break
    widest.width -= 1
  }
  return {columns, shown, widths: sized.map((each) => each.width), fits: total() <= width}
}

function toTableLine(
  {cells, note}: Row,
  {columns, widths}: TableLayout,
  {ellipsis, paint}: Pick<Terminal, 'paint'> & {ellipsis: string | undefined},
): string {
  const last = note === undefined ? cells.findLastIndex(({text}) => text !== '') : cells.length - 1
  const parts = cells.slice(0, last + 1).map(({text, style}, at) => {
    const cut = shorten(text, widths[at] ?? 0, ellipsis)
    const blanks = ' '.repeat((widths[at] ?? 0) - columnsOf(cut))
    const painted = style === undefined || cut === '' ? cut : paint(style, cut)
    if (columns[at]?.align === 'right') return blanks + painted
    return at === last && note === undefined ? painted : painted + blanks
  })
  return [...parts, ...(note === undefined ? [] : [note])].join(gap)
}

/** A directory may have any name: none shall move the cursor. */
export function cellWithoutControls(cell: Cell): Cell {
  const {text, short} = cell
  const shorter = short === undefined ? {} : {short: controls.withoutControls(short)}
  return {...cell, text: controls.withoutControls(text), ...shorter}
}
