/** The columns that `postmulti instances` knows. */
import {type Damaged, describeDamage, type Instance, label} from '../model/instance/instance.ts'
import {type Queued, type State, totalOf} from '../model/instance/state.ts'
import {type InstanceJson, toInstanceJson} from './terminal/listed.ts'
import {type Cell, type Column, type Row, type Terminal, toTable} from './terminal/table.ts'
import {toDay, toShortDay} from './terminal/time.ts'

export interface InstanceRow {
  instance: Instance
  primary: boolean
  state: State
  /** Whether systemd starts it at boot; null where that does not matter. */
  atBoot: boolean | null
  /** Null where the reader has not the right to look. */
  queued: Queued | null
}

export const columnNames = ['name', 'group', 'enabled', 'running', 'queued', 'config_directory'] as const

export type ColumnName = (typeof columnNames)[number]

export interface ObservedJson extends InstanceJson {
  primary: boolean
  state: 'running' | 'stopped' | 'unknown'
  starts_at_boot: boolean | null
  running: {pid: number; since: string} | null
  queued: Queued | null
}

/** A damaged instance is a row, too: it says why. */
export function toInstanceTable(
  names: readonly ColumnName[],
  rows: readonly InstanceRow[],
  damaged: readonly Damaged[],
  terminal: Terminal,
  form: {hasHeader: boolean},
): string {
  const whole = rows.map((each): Row => ({cells: names.map((name) => instanceColumns[name].cell(each))}))
  return toTable(
    names.map((name) => {
      const {spare, ...column} = instanceColumns[name]
      return {heading: name.toUpperCase(), ...column, spare: names.includes('name') ? spare : undefined}
    }),
    [...whole, ...damaged.map((each) => toDamagedRow(names, each))],
    terminal,
    form,
  )
}

/** Text from A to Z, the nameless last; numbers and times from the largest down, what is not known last. */
export function sortRows(rows: readonly InstanceRow[], by: ColumnName): InstanceRow[] {
  const {order} = instanceColumns[by]
  return rows.toSorted((one, other) => {
    const [a, b] = [order(one), order(other)]
    if (typeof a === 'number' && typeof b === 'number') return b - a
    return a === '' || b === '' ? Number(a === '') - Number(b === '') : a < b ? -1 : Number(a > b)
  })
}

export function toObservedJson({instance, primary, state, atBoot, queued}: InstanceRow): ObservedJson {
  const running = state === null || state === 'unknown' ? null : {pid: state.pid, since: state.since.toISOString()}
  return {
    ...toInstanceJson(instance),
    primary,
    state: state === 'unknown' ? state : state === null ? 'stopped' : 'running',
    running,
    starts_at_boot: atBoot,
    queued,
  }
}

/** Says so where the state after a boot differs. */
function enabledCell(enabled: boolean, atBoot: boolean | null): Cell {
  if (atBoot === null || atBoot === enabled) return enabled ? {text: 'yes'} : {text: 'no', style: 'dim'}
  return enabled ? {text: 'yes, not at boot', style: 'red'} : {text: 'no, but at boot', style: 'yellow'}
}

function sinceCell(state: State, enabled: boolean): Cell {
  if (state === 'unknown') return {text: '?', style: 'yellow'}
  if (state !== null)
    return {text: `since ${toDay(state.since)}`, short: `since ${toShortDay(state.since)}`, style: 'green'}
  return {text: 'no', style: enabled ? 'red' : 'dim'}
}

/** What is missing in it is not known. */
export function toDamagedRow(names: readonly string[], each: Damaged): Row {
  const cells = names.map(
    (name): Cell => ({
      text: name === 'config_directory' ? each.config_directory : '?',
      ...(name === 'name' ? {short: each.config_directory} : {}),
      style: 'red',
    }),
  )
  return {cells, note: describeDamage(each)}
}

const instanceColumns: Record<
  ColumnName,
  Omit<Column, 'heading'> & {cell(row: InstanceRow): Cell; order(row: InstanceRow): string | number}
> = {
  name: {
    cell: ({instance}) => ({text: label(instance)}),
    order: ({instance}) => instance.multi_instance_name,
  },
  group: {
    cell: ({instance}) => orDash(instance.multi_instance_group),
    order: ({instance}) => instance.multi_instance_group,
  },
  enabled: {
    cell: ({instance, atBoot}) => enabledCell(instance.multi_instance_enable, atBoot),
    order: ({instance}) => Number(instance.multi_instance_enable),
  },
  running: {
    cell: ({state, instance}) => sinceCell(state, instance.multi_instance_enable),
    order: ({state}) => (state === 'unknown' ? -1 : (state?.since.getTime() ?? 0)),
  },
  queued: {
    align: 'right',
    cell: ({queued}) => (queued === null ? {text: '?', style: 'yellow'} : {text: String(totalOf(queued))}),
    order: ({queued}) => (queued === null ? -1 : totalOf(queued)),
  },
  config_directory: {
    spare: 1,
    cell: ({instance}) => ({text: instance.config_directory}),
    order: ({instance}) => instance.config_directory,
  },
}

function orDash(text: string): Cell {
  return text === '' ? {text: '-', style: 'dim'} : {text}
}
