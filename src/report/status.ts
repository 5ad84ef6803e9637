/** Which instances run. */
import {type Damaged, label} from '../model/instance/instance.ts'
import type {Watched} from '../model/top/serving.ts'
import {toDamagedRow} from './instances.ts'
import {type NamedJson, toNamedJson} from './terminal/listed.ts'
import {type Cell, type Row, type Terminal, toTable} from './terminal/table.ts'
import {dayCell} from './terminal/time.ts'

export interface StateJson extends NamedJson {
  multi_instance_enable: boolean
  state: 'running' | 'stopped' | 'unknown'
  running: {pid: number; since: string} | null
}

const statusHeadings = ['name', 'enabled', 'state', 'pid', 'since', 'config_directory']

const statusSpare: Record<string, number> = {config_directory: 1, pid: 2, enabled: 3}

export function toStatusTable(watched: readonly Watched[], damaged: readonly Damaged[], terminal: Terminal): string {
  const rows = watched.map((each): Row => {
    const {config_directory, multi_instance_enable} = each.instance
    const {state, running} = toStateJson(each)
    const since = each.state === null || each.state === 'unknown' ? undefined : each.state.since
    return {
      cells: [
        {text: label(each.instance)},
        {text: multi_instance_enable ? 'yes' : 'no'},
        statusCell(state, multi_instance_enable),
        {text: running === null ? '-' : String(running.pid)},
        since === undefined ? {text: '-'} : dayCell(since),
        {text: config_directory},
      ],
    }
  })
  const columns = statusHeadings.map((name) => ({heading: name.toUpperCase(), spare: statusSpare[name]}))
  return toTable(columns, [...rows, ...damaged.map((each) => toDamagedRow(statusHeadings, each))], terminal)
}

export function toStateJson({instance, state}: Watched): StateJson {
  const known = {...toNamedJson(instance), multi_instance_enable: instance.multi_instance_enable}
  if (state === null) return {...known, state: 'stopped', running: null}
  if (state === 'unknown') return {...known, state: 'unknown', running: null}
  return {...known, state: 'running', running: {pid: state.pid, since: state.since.toISOString()}}
}

function statusCell(state: StateJson['state'], enabled: boolean): Cell {
  if (state === 'running') return {text: state, style: 'green'}
  if (state === 'unknown') return {text: '?', style: 'yellow'}
  return {text: state, style: enabled ? 'red' : 'dim'}
}
