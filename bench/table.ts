/** All results in one table, for people. */
import {type Column, type Row, toTable} from '../src/report/terminal/table.ts'
import type {Figure, Results, Timing} from './results.ts'
import {quantile, ratio} from './statistics.ts'

const columns: Column[] = [
  {heading: 'what'},
  {heading: 'instances', align: 'right'},
  {heading: 'rounds', align: 'right'},
  {heading: 'bare node', align: 'right'},
  {heading: 'ours', align: 'right'},
  {heading: 'real', align: 'right'},
  {heading: 'real/ours', align: 'right'},
  {heading: 'ours/bare', align: 'right'},
]

export function toText({began, machine, timings, figures}: Results): string {
  const rows = [...timings.map(timingCells), ...figures.map(figureCells)]
  const table = toTable(
    columns,
    rows.map((texts): Row => ({cells: texts.map((text) => ({text}))})),
    {width: undefined, paint: (_, text) => text},
  )
  const {node, postfix, processors, load} = machine
  return `${table}

Times are medians, with quartiles in parentheses; ratios are medians of the rounds' ratios.
${began}, Node ${node}, Postfix ${postfix}, ${processors}, load ${load}
`
}

function timingCells({title, instances, times: {bare, ours, real}}: Timing): string[] {
  return [
    title,
    `${instances}`,
    `${ours.length}`,
    time(bare),
    time(ours),
    time(real),
    times(ratio(real, ours)),
    times(ratio(ours, bare)),
  ]
}

function time(values: number[]): string {
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map((part) => number(quantile(values, part)))
  return `${middle} ms (${lower}-${upper})`
}

function figureCells({title, unit, values: {bare, ours, real}}: Figure): string[] {
  const shown = [bare, ours, real].map((each) => (each === undefined ? '-' : `${number(each)} ${unit}`.trimEnd()))
  return [title, '', '', ...shown, quotient(real, ours), quotient(ours, bare)]
}

function quotient(one: number | undefined, other: number | undefined): string {
  return one === undefined || other === undefined ? '-' : times(one / other)
}

function times(factor: number): string {
  return `${number(factor)} x`
}

/** Three digits that count, and no more. */
function number(value: number): string {
  if (Number.isInteger(value) || value >= 100) return value.toFixed(0)
  return value.toFixed(value >= 10 ? 1 : 2)
}
