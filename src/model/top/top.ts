/** The rows of `postmulti top`: what is known of each instance at one moment, which of them are wanted, in which order. */
import {type Damaged, describeDamage, type Instance, label} from '../instance/instance.ts'
import {type Queued, type State, totalOf} from '../instance/state.ts'
import type {Rates} from '../mail/rates.ts'

/** A service of master(8) with its processes, and how many it may have. */
export interface ServiceLoad {
  /** NAME/TYPE. */
  service: string
  processes: number
  limit: number
}

export interface ObservedInstance {
  instance: Instance
  state: State
  /** Null where the reader has not the right to look. */
  queued: Queued | null
  /** Null also where there is no message. */
  oldest: Date | null
  /** Below its master(8); null where it is not known. */
  processes: number | null
  /** Nearest to its limit; null where none runs, or has a limit, or it is not known. */
  fullest: ServiceLoad | null
  /** Null where it is not known. */
  rates: Rates | null
}

/** In start order, those that cannot be read last. */
export interface Sample {
  time: Date
  observed: ObservedInstance[]
  damaged: Damaged[]
  /** Why some could not be looked at, by config_directory. */
  unseen: Map<string, string>
}

export type TopRow = ObservedInstance | Damaged

/** By which rows can be sorted; the first one is the start order. */
export const sortKeys = [
  'order',
  'name',
  'state',
  'full',
  'processes',
  'queued',
  'incoming',
  'active',
  'deferred',
  'hold',
  'maildrop',
  'in',
  'sent',
  'deferrals',
  'bounced',
  'rejected',
  'oldest',
] as const

export type SortKey = (typeof sortKeys)[number]

export function rowKey(row: TopRow): string {
  return isObserved(row) ? row.instance.config_directory : row.config_directory
}

export function isObserved(row: TopRow): row is ObservedInstance {
  return 'instance' in row
}

/** What people call it. */
export function rowName(row: TopRow): string {
  return isObserved(row) ? label(row.instance) : row.config_directory
}

/** How an instance is, in one word. */
export type Condition = 'broken' | 'stopped' | 'unknown' | 'disabled' | 'running'

export function conditionOf(row: TopRow): Condition {
  if (!isObserved(row)) return 'broken'
  if (row.state === 'unknown') return 'unknown'
  if (row.state !== null) return 'running'
  return row.instance.multi_instance_enable ? 'stopped' : 'disabled'
}

/**
 * Text from A to Z, numbers and ages from the largest down; states with the worst first. What is not known comes last,
 * and what is equal stays in start order.
 */
export function arrangeRows(
  {observed, damaged}: Sample,
  {sort, reversed, filter}: {sort: SortKey; reversed: boolean; filter: string},
): TopRow[] {
  const rows = [...observed, ...damaged].filter((each) => matchesRow(each, filter))
  if (sort === 'order') return reversed ? rows.reverse() : rows
  const valued = rows.map((row) => ({row, value: sortValue(row, sort)}))
  const known = valued.flatMap(({row, value}) => (value === null ? [] : {row, value}))
  const unknown = valued.filter(({value}) => value === null)
  known.sort((one, other) => (reversed ? -1 : 1) * compareKeys(one.value, other.value))
  return [...known, ...unknown].map(({row}) => row)
}

/** Upper and lower case are the same. */
function matchesRow(row: TopRow, filter: string): boolean {
  const texts = isObserved(row)
    ? [rowName(row), row.instance.multi_instance_group, conditionOf(row), row.instance.config_directory]
    : [describeDamage(row), conditionOf(row), row.config_directory]
  return texts.some((each) => each.toLowerCase().includes(filter.toLowerCase()))
}

const worstFirst: readonly Condition[] = ['broken', 'stopped', 'unknown', 'running', 'disabled']

/** Null where it is not known. Numbers are such that the first one is the smallest. */
function sortValue(row: TopRow, sort: Exclude<SortKey, 'order'>): string | number | null {
  if (sort === 'name') return rowName(row)
  if (sort === 'state') return worstFirst.indexOf(conditionOf(row))
  if (!isObserved(row)) return null
  if (sort === 'oldest') return row.oldest?.getTime() ?? null
  const number = figureOf(row, sort)
  return number === null ? null : -number
}

function figureOf(row: ObservedInstance, sort: Exclude<SortKey, 'order' | 'name' | 'state' | 'oldest'>): number | null {
  switch (sort) {
    case 'full':
      return row.fullest === null ? null : fullness(row.fullest)
    case 'processes':
      return row.processes
    case 'queued':
      return row.queued === null ? null : totalOf(row.queued)
    case 'in':
    case 'sent':
    case 'bounced':
    case 'rejected':
      return row.rates?.[sort] ?? null
    case 'deferrals':
      return row.rates?.deferred ?? null
    default:
      return row.queued?.[sort] ?? null
  }
}

function compareKeys(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** How much of its limit it uses, from 0 to 1. */
export function fullness({processes, limit}: ServiceLoad): number {
  return processes / limit
}

/** Of the instances where it is known. */
export function totals(observed: readonly ObservedInstance[]): {queued: Queued; rates: Rates} {
  const queued: Queued = {}
  const rates: Rates = {in: 0, sent: 0, deferred: 0, bounced: 0, rejected: 0}
  for (const each of observed) {
    for (const [queue, count] of Object.entries(each.queued ?? {})) queued[queue] = (queued[queue] ?? 0) + count
    for (const kind of Object.keys(rates) as (keyof Rates)[]) rates[kind] += each.rates?.[kind] ?? 0
  }
  return {queued, rates}
}
