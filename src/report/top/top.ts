/** What `postmulti top` tells programs, and people without a terminal. */

import {label} from '../../model/instance/instance.ts'
import type {Queued} from '../../model/instance/state.ts'
import {eventKinds} from '../../model/mail/mail-events.ts'
import type {Rates} from '../../model/mail/rates.ts'
import {conditionOf, isObserved, type Sample, type ServiceLoad, type TopRow} from '../../model/top/top.ts'
import {toDamagedRow} from '../instances.ts'
import {queues} from '../queue-counts.ts'
import {type StateJson, toStateJson} from '../status.ts'
import {type DamagedJson, type InstanceJson, toDamagedJson, toInstanceJson} from '../terminal/listed.ts'
import {type Cell, type Column, type Style, type Terminal, toTable} from '../terminal/table.ts'
import {toDay} from '../terminal/time.ts'

export interface SampleJson {
  time: string
  instances: (InstanceJson &
    StateJson & {
      queued: Queued | null
      oldest: string | null
      processes: number | null
      fullest: ServiceLoad | null
      rates: Rates | null
    })[]
  damaged: DamagedJson[]
}

export function toSampleJson({time, observed, damaged}: Sample): SampleJson {
  return {
    time: time.toISOString(),
    instances: observed.map(({instance, state, queued, oldest, processes, fullest, rates}) => ({
      ...toInstanceJson(instance),
      ...toStateJson({instance, state}),
      queued,
      oldest: oldest?.toISOString() ?? null,
      processes,
      fullest,
      rates: rates === null ? null : round(rates),
    })),
    damaged: damaged.map(toDamagedJson),
  }
}

const topHeadings = [
  'NAME',
  'STATE',
  'PID',
  'PROCESSES',
  'FULLEST',
  ...queues.map((each) => each.toUpperCase()),
  ...eventKinds.map((each) => `${each.toUpperCase()}/MIN`),
  'OLDEST',
  'CONFIG_DIRECTORY',
]
const topSpare: Record<string, number> = {CONFIG_DIRECTORY: 1, OLDEST: 2, FULLEST: 3}
const leftHeadings = ['NAME', 'STATE', 'FULLEST', 'OLDEST', 'CONFIG_DIRECTORY']

export function toSampleTable(rows: readonly TopRow[], terminal: Terminal): string {
  const columns = topHeadings.map((heading): Column => {
    if (leftHeadings.includes(heading)) return {heading, spare: topSpare[heading], prose: heading === 'FULLEST'}
    return {heading, align: 'right', spare: 4}
  })
  const lowerCase = topHeadings.map((each) => each.toLowerCase())
  return toTable(
    columns,
    rows.map((row) => {
      if (!isObserved(row)) return toDamagedRow(lowerCase, row)
      const {instance, state, queued, oldest, processes, fullest, rates} = row
      const cells: Cell[] = [
        {text: label(instance)},
        conditionCell(row),
        {text: state === null || state === 'unknown' ? '-' : String(state.pid)},
        numberCell(processes),
        {text: fullest === null ? '-' : sayFullest(fullest)},
        ...queues.map((each) => numberCell(queued === null ? null : (queued[each] ?? 0))),
        ...eventKinds.map((each) => numberCell(rates === null ? null : round(rates)[each])),
        {text: oldest === null ? '-' : toDay(oldest)},
        {text: instance.config_directory},
      ]
      return {cells}
    }),
    terminal,
  )
}

export function sayFullest({service, processes, limit}: ServiceLoad): string {
  return `${service} ${processes} of ${limit}`
}

export const conditionStyles: Record<ReturnType<typeof conditionOf>, Style> = {
  broken: 'red',
  stopped: 'red',
  unknown: 'yellow',
  running: 'green',
  disabled: 'dim',
}

function conditionCell(row: TopRow): Cell {
  const condition = conditionOf(row)
  return {text: condition, style: conditionStyles[condition]}
}

function numberCell(number: number | null): Cell {
  return number === null ? {text: '?', style: 'yellow'} : {text: String(number)}
}

function round(rates: Rates): Rates {
  return Object.fromEntries(Object.entries(rates).map(([kind, rate]) => [kind, Math.round(rate * 100) / 100])) as Rates
}
