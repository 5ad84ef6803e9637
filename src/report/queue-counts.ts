/** How much mail each instance holds. */
import {type Damaged, type Instance, label} from '../model/instance/instance.ts'
import {type Queued, totalOf} from '../model/instance/state.ts'
import {toDamagedRow} from './instances.ts'
import {type NamedJson, toNamedJson} from './terminal/listed.ts'
import {plural} from './terminal/plural.ts'
import {type Cell, type Column, type Row, type Terminal, toTable} from './terminal/table.ts'
import {dayCell, toDay} from './terminal/time.ts'

export interface Held {
  instance: Instance
  /** Null where the reader has not the right to look. */
  queued: Queued | null
  /** Null also where there is no message. */
  oldest: Date | null
  /** Null also where there is nothing to compare with. */
  growth: number | null
}

export interface HeldJson extends NamedJson {
  queued: Queued | null
  oldest: string | null
  growth: number | null
}

/** In the way that mail takes. */
export const queues = ['maildrop', 'incoming', 'active', 'deferred', 'hold', 'corrupt'] as const

/** With a last row for all of them, where there are several. */
export function toHeldTable(
  held: readonly Held[],
  damaged: readonly Damaged[],
  hasGrowth: boolean,
  terminal: Terminal,
): string {
  const numbers = [...queues, 'total', ...(hasGrowth ? ['growth'] : [])]
  const isEmpty = (name: string): boolean => held.every(({queued}) => Object(queued)[name] === 0)
  const columns: Column[] = [
    {heading: 'NAME'},
    ...numbers.map(
      (name): Column => ({
        heading: name.toUpperCase(),
        align: 'right',
        spare: name === 'total' ? undefined : isEmpty(name) ? 2 : 4,
      }),
    ),
    {heading: 'OLDEST', spare: 3},
    {heading: 'CONFIG_DIRECTORY', spare: 1},
  ]
  const rows = held.map((each): Row => {
    const {multi_instance_name, config_directory} = each.instance
    const name = multi_instance_name === '' ? dash : {text: multi_instance_name}
    return {cells: [{...name, short: label(each.instance)}, ...cellsOf(each), {text: config_directory}]}
  })
  const headings = columns.map(({heading}) => heading.toLowerCase())
  const unreadable = damaged.map((each) => toDamagedRow(headings, each))
  const last = held.length > 1 ? [{cells: [{text: 'total', style: 'bold' as const}, ...cellsOf(sumOf(held))]}] : []
  return toTable(columns, [...rows, ...unreadable, ...last], terminal)

  function cellsOf({queued, oldest, growth}: Omit<Held, 'instance'>): Cell[] {
    const counts = queues.map((queue) => toCount(queued?.[queue], queue === 'corrupt' ? 'red' : undefined))
    const total = toCount(queued === null ? undefined : totalOf(queued))
    const grown = hasGrowth ? [toGrowth(growth)] : []
    return [...counts, total, ...grown, oldest === null ? dash : dayCell(oldest)]
  }
}

export function toHeldJson({instance, queued, oldest, growth}: Held): HeldJson {
  return {
    ...toNamedJson(instance),
    queued,
    oldest: oldest?.toISOString() ?? null,
    growth,
  }
}

/** The line below the table. */
export function describeSince(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000))
  const [size, unit] = ageUnits.find(([each]) => seconds >= 2 * each) ?? [1, 'second']
  return `Growth since ${toDay(since)}, ${plural(Math.floor(seconds / size), unit)} ago`
}

const ageUnits: readonly [seconds: number, unit: string][] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
]

/** Null where one of them cannot be seen. */
export function toTotalJson(held: readonly Held[]): Queued | null {
  return sumOf(held).queued
}

function sumOf(held: readonly Held[]): Omit<Held, 'instance'> {
  const isWhole = held.every(({queued}) => queued !== null)
  const sum = (value: (each: Held) => number): number => held.reduce((so, each) => so + value(each), 0)
  const times = held.flatMap(({oldest}) => (oldest === null ? [] : [oldest.getTime()]))
  return {
    queued: isWhole
      ? Object.fromEntries(queues.map((queue) => [queue, sum(({queued}) => queued?.[queue] ?? 0)]))
      : null,
    oldest: times.length === 0 ? null : new Date(Math.min(...times)),
    growth: held.every(({growth}) => growth !== null) ? sum(({growth}) => growth ?? 0) : null,
  }
}

const dash: Cell = {text: '-', style: 'dim'}

function toCount(count: number | undefined, style?: 'red'): Cell {
  if (count === undefined) return {text: '?', style: 'yellow'}
  if (count === 0) return {text: '0', style: 'dim'}
  return style === undefined ? {text: String(count)} : {text: String(count), style}
}

function toGrowth(growth: number | null): Cell {
  if (growth === null) return {text: '?', style: 'yellow'}
  if (growth === 0) return {text: '0', style: 'dim'}
  return growth > 0 ? {text: `+${growth}`, style: 'yellow'} : {text: String(growth), style: 'green'}
}
