/**
 * The lines of the full screen of `postmulti top`, none of them longer than the screen is wide. Numbers have four
 * places at most, so that no column moves while one looks at it.
 */

import {describeDamage, label} from '../../model/instance/instance.ts'
import {namePrefix} from '../../model/instance/names.ts'
import {type Queued, totalOf} from '../../model/instance/state.ts'
import {eventKinds} from '../../model/mail/mail-events.ts'
import {
  type Condition,
  conditionOf,
  fullness,
  isObserved,
  type ObservedInstance,
  rowName,
  type Sample,
  type SortKey,
  type TopRow,
  totals,
} from '../../model/top/top.ts'
import {settle, type TopView} from '../../model/top/top-view.ts'
import {queues} from '../queue-counts.ts'
import {plural} from '../terminal/plural.ts'
import {type Cell, cellWithoutControls, type Terminal} from '../terminal/table.ts'
import {toDay} from '../terminal/time.ts'
import {columnsOf, pad, shorten} from '../terminal/width.ts'
import {conditionStyles, sayFullest} from './top.ts'

export interface ScreenSize {
  /** Characters. */
  columns: number
  lines: number
}

export interface ScreenInput {
  sample: Sample
  /** Those that are wanted, in order. */
  rows: readonly TopRow[]
  view: TopView
  /** What the host is called. */
  host: string
  /** Seconds between two looks. */
  interval: number
  /** What went wrong last. */
  notice: string | undefined
}

type Paint = Terminal['paint']

/** Three lines about all, two of headings, and the keys. */
const alwaysThere = 6
/** A blank one, and three about the selected row. */
const aboutSelected = 4
/** With fewer there is nothing about the selected row. */
const enoughLines = 16

/** How many rows are seen. */
export function pageOf({lines}: ScreenSize): number {
  return Math.max(1, lines - alwaysThere - (lines < enoughLines ? 0 : aboutSelected))
}

export function toScreen(seen: ScreenInput, screen: ScreenSize, paint: Paint): string[] {
  const {view, rows, sample} = seen
  if (view.showsHelp) return joinCells(help, screen, paint)
  const page = pageOf(screen)
  const {at, first} = settle(view, rows, page)
  const columns = chooseColumns(sample, screen.columns)
  const selected = rows[at]
  const all = [
    ...heading(seen),
    ...headers(columns, seen),
    ...Array.from({length: page}, (_, index): Cell[] => {
      const row = rows[first + index]
      return row === undefined ? [] : toCells(row, columns, first + index === at, sample.time)
    }),
    ...(screen.lines < enoughLines ? [] : [[], ...(selected === undefined ? [[], [], []] : describeRow(selected))]),
    foot(seen, {first, page}),
  ]
  return joinCells(all, screen, paint)
}

/** Cells stand side by side as they are; what is too long for a line is cut off. */
function joinCells(lines: readonly Cell[][], screen: ScreenSize, paint: Paint): string[] {
  return lines.slice(0, screen.lines).map((cells) => {
    let left = screen.columns
    return cells
      .map((each) => {
        const {text, style} = cellWithoutControls(each)
        const cut = left <= 0 ? '' : shorten(text, left)
        left -= columnsOf(cut)
        return style === undefined || cut === '' ? cut : paint(style, cut)
      })
      .join('')
  })
}

function heading({sample, view, host, interval}: ScreenInput): Cell[][] {
  const all = [...sample.observed, ...sample.damaged]
  const {queued, rates} = totals(sample.observed)
  const clock = sample.time.toTimeString().slice(0, 8)
  const order = view.sort === 'order' ? 'in start order' : `by ${said[view.sort]}`
  const counts = conditions.flatMap((each): Cell[] => {
    const count = all.filter((row) => conditionOf(row) === each).length
    if (count === 0) return []
    return [{text: ', '}, {text: `${count} ${each}`, style: conditionStyles[each]}]
  })
  const perMinute = eventKinds.map((kind) => `${toRate(rates[kind])} ${kind}`).join(', ')
  return [
    [
      {text: 'postmulti top', style: 'bold'},
      {text: `  ${host}  ${clock}  every ${interval} s, ${order}${view.reversed ? ', reversed' : ''}`},
    ],
    [{text: plural(all.length, 'instance')}, ...counts, {text: `; ${plural(totalOf(queued), 'message')} waiting`}],
    // A message counts in each instance that it passes.
    [{text: `per minute, hop by hop: ${perMinute}`}],
  ]
}

const conditions: readonly Condition[] = ['running', 'stopped', 'disabled', 'broken', 'unknown']

const said: Record<Exclude<SortKey, 'order'>, string> = {
  name: 'name',
  state: 'state',
  full: 'fullest service',
  processes: 'processes',
  queued: 'all messages waiting',
  incoming: 'incoming',
  active: 'active',
  deferred: 'deferred messages',
  hold: 'hold',
  maildrop: 'maildrop',
  in: 'messages in',
  sent: 'sent',
  deferrals: 'deferrals per minute',
  bounced: 'bounced',
  rejected: 'rejected',
  oldest: 'oldest message',
}

interface ScreenColumn {
  /** By which it is sorted; none for what is never sorted by. */
  key: SortKey | undefined
  heading: string
  width: number
  group?: 'queues' | 'per minute'
  isText?: true
  cell(row: ObservedInstance, now: Date): Cell
}

const number = 4

function queueOf(key: 'maildrop' | 'incoming' | 'active' | 'deferred' | 'hold', heading: string): ScreenColumn {
  const cell = ({queued}: ObservedInstance): Cell => toNumber(queued === null ? null : (queued[key] ?? 0))
  return {key, heading, width: number, group: 'queues', cell}
}

function rateOf(key: SortKey, kind: (typeof eventKinds)[number], heading: string): ScreenColumn {
  const cell = ({rates}: ObservedInstance): Cell => {
    if (rates === null) return unknownCell
    return rates[kind] === 0 ? zeroCell : {text: toRate(rates[kind])}
  }
  return {key, heading, width: number, group: 'per minute', cell}
}

const allColumns: readonly ScreenColumn[] = [
  {
    key: 'name',
    heading: 'INSTANCE',
    width: 15,
    isText: true,
    cell: (row) => ({text: shownName(row)}),
  },
  {
    key: 'state',
    heading: 'STATE',
    width: 8,
    isText: true,
    cell: (row) => ({text: conditionOf(row), style: conditionStyles[conditionOf(row)]}),
  },
  {
    key: undefined,
    heading: 'PID',
    width: 7,
    cell: ({state}) => (state === null || state === 'unknown' ? nothingCell : {text: String(state.pid)}),
  },
  {key: 'processes', heading: 'PROC', width: number, cell: (row) => toNumber(row.processes)},
  {
    key: 'full',
    heading: 'FULL',
    width: number,
    cell: ({fullest}) => (fullest === null ? nothingCell : toShare(fullness(fullest))),
  },
  queueOf('maildrop', 'DROP'),
  queueOf('incoming', 'INC'),
  queueOf('active', 'ACT'),
  queueOf('deferred', 'DEF'),
  queueOf('hold', 'HOLD'),
  rateOf('in', 'in', 'IN'),
  rateOf('sent', 'sent', 'SENT'),
  rateOf('deferrals', 'deferred', 'DEF'),
  rateOf('bounced', 'bounced', 'BNC'),
  rateOf('rejected', 'rejected', 'REJ'),
  {
    key: 'oldest',
    heading: 'AGE',
    width: number,
    cell: ({oldest}, now) => (oldest === null ? nothingCell : {text: toAge(oldest, now)}),
  },
]

/** The first ones to go on a narrow screen, where the names need the room. */
const optionalColumns = ['PID', 'PROC', 'FULL']
const longestName = 30

/** The first one, the name, gets the place that is left, and where that is too short is written without postfix-. */
function chooseColumns({observed, damaged}: Sample, width: number): ScreenColumn[] {
  const [name, ...others] = allColumns as [ScreenColumn, ...ScreenColumn[]]
  const wanted = Math.min(
    longestName,
    Math.max(name.width, ...[...observed, ...damaged].map((row) => columnsOf(shownName(row)))),
  )
  let columns = others
  const left = (): number => columns.reduce((so, each) => so - each.width - 1, width - 1)
  for (const heading of optionalColumns) {
    if (left() >= wanted) break
    columns = columns.filter((each) => each.heading !== heading)
  }
  if (left() >= wanted) return [{...name, width: wanted}, ...columns]
  const cell = (row: ObservedInstance): Cell => ({text: withoutPrefix(shownName(row))})
  return [{...name, width: Math.max(name.width, left()), cell}, ...columns]
}

/** The reason why one cannot be read has its directory in it. */
function shownName(row: TopRow): string {
  return isObserved(row) ? rowName(row) : row.config_directory.slice(row.config_directory.lastIndexOf('/') + 1)
}

function withoutPrefix(name: string): string {
  return name.startsWith(namePrefix) ? name.slice(namePrefix.length) : name
}

/** The left part above them, where no column has a group, tells of the filter. */
function headers(columns: readonly ScreenColumn[], {view: {sort, filter}, rows}: ScreenInput): Cell[][] {
  const before = columns.slice(
    0,
    columns.findIndex(({group}) => group !== undefined),
  )
  const left = before.reduce((so, {width}) => so + width + 1, 0)
  const groups = (['queues', 'per minute'] as const).flatMap((group): Cell[] => {
    const width = columns.filter((each) => each.group === group).reduce((so, each) => so + each.width + 1, -1)
    return [{text: ' '}, {text: overline(group, width), style: 'dim'}]
  })
  const names = columns.flatMap((each): Cell[] => {
    const [blanks, heading] = alignCell({text: each.heading}, each)
    return [{text: ` ${blanks}`}, {text: heading, style: each.key === sort ? 'inverse' : 'bold'}]
  })
  const filtered = filter === '' ? '' : ` ${rows.length} with '${filter}'`
  return [[{text: pad(shorten(filtered, left), left), style: 'yellow'}, ...groups], names]
}

function overline(group: string, width: number): string {
  const dashes = '-'.repeat(Math.max(0, width - group.length - 2) / 2)
  return `${dashes} ${group} ${dashes}`.padEnd(width, '-')
}

const nothingCell: Cell = {text: '-', style: 'dim'}
const zeroCell: Cell = {text: '0', style: 'dim'}
const unknownCell: Cell = {text: '?', style: 'yellow'}

function toCells(row: TopRow, columns: readonly ScreenColumn[], isSelected: boolean, now: Date): Cell[] {
  const mark = isSelected ? '>' : ' '
  const isOfRow = (cell: Cell): Cell => (isSelected ? {...cell, style: 'inverse'} : cell)
  if (!isObserved(row)) {
    const [name, state] = columns as [ScreenColumn, ScreenColumn]
    const texts = [mark, padCell(shownName(row), name), ' ', padCell(conditionOf(row), state), ' ', describeDamage(row)]
    return texts.map((text) => isOfRow({text, style: 'red'}))
  }
  return columns.flatMap((each, at) => {
    const cell = each.cell(row, now)
    const [blanks, text] = alignCell(cell, each)
    return [{text: `${at === 0 ? mark : ' '}${blanks}`}, {...cell, text}].map(isOfRow)
  })
}

function padCell(text: string, {width}: ScreenColumn): string {
  return pad(shorten(text, width), width)
}

/** Blanks, and what stands behind them: words begin, and numbers end, where their column does. */
function alignCell({text}: Cell, column: ScreenColumn): [blanks: string, text: string] {
  if (column.isText) return ['', padCell(text, column)]
  return [' '.repeat(Math.max(0, column.width - text.length)), text]
}

function toNumber(count: number | null): Cell {
  if (count === null) return unknownCell
  return count === 0 ? zeroCell : {text: shortly(count)}
}

function toShare(share: number): Cell {
  const text = `${Math.min(999, Math.floor(share * 100))}%`
  return share >= 1 ? {text, style: 'red'} : share >= 0.9 ? {text, style: 'yellow'} : {text}
}

function toRate(rate: number): string {
  return rate >= 9.95 ? shortly(Math.round(rate)) : String(Number(rate.toFixed(1)))
}

/** In four places. */
function shortly(count: number): string {
  if (count < 10_000) return String(count)
  if (count < 999_500) return `${Math.round(count / 1000)}k`
  return `${Math.round(count / 1_000_000)}M`
}

const durationUnits: readonly [letter: string, seconds: number][] = [
  ['w', 604_800],
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
]

/** In four places; no time at all for what a clock that was set back would have come from. */
function toAge(time: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - time.getTime()) / 1000))
  const [letter, length] = durationUnits.find(([, each]) => seconds >= 2 * each) ?? ['s', 1]
  return `${Math.floor(seconds / length)}${letter}`
}

function describeRow(row: TopRow): Cell[][] {
  if (!isObserved(row)) {
    const {config_directory, file, line, reason} = row
    const place = line === undefined ? file : `${file}, line ${line}`
    return [[{text: config_directory, style: 'bold'}, {text: ' cannot be read:'}], [{text: place}], [{text: reason}]]
  }
  const {instance, state, queued, oldest, processes, fullest} = row
  const {multi_instance_name, multi_instance_group, config_directory} = instance
  const group = multi_instance_group === '' ? '' : ` in ${multi_instance_group}`
  const place = multi_instance_name === '' ? '' : `, ${config_directory}`
  const came = oldest === null ? '' : `; oldest message of ${toDay(oldest)}`
  const work = processes === null ? 'processes unknown' : plural(processes, 'process', 'es')
  const most = fullest === null ? '' : `, ${sayFullest(fullest)}`
  return [
    [{text: label(instance), style: 'bold'}, {text: `${group}${place}${came}`}],
    [{text: `${sayState(row)}; ${work}${most}`}],
    [{text: queued === null ? 'queues: ? (needs root)' : sayQueues(queued)}],
  ]

  function sayState({instance: {multi_instance_enable}}: ObservedInstance): string {
    if (state === 'unknown') return 'running: ? (needs root)'
    const enabled = multi_instance_enable ? '' : 'disabled, '
    return state === null ? `${enabled}stopped` : `${enabled}runs since ${toDay(state.since)} with pid ${state.pid}`
  }
}

function sayQueues(queued: Queued): string {
  return queues.map((each) => `${each} ${queued[each] ?? 0}`).join(', ')
}

function foot({view, rows, notice}: ScreenInput, {first, page}: {first: number; page: number}): Cell[] {
  if (view.isTyping)
    return [{text: `Filter: ${view.filter}_`, style: 'bold'}, {text: '   Enter keeps it, Esc clears it'}]
  if (notice !== undefined) return [{text: notice, style: 'yellow'}]
  const place = rows.length > page ? `  ${first + 1}-${Math.min(rows.length, first + page)} of ${rows.length}` : ''
  return [{text: `q quit  ? help  / filter  < > sort  r reverse  arrows move${place}`, style: 'dim'}]
}

const help: readonly Cell[][] = [
  'postmulti top: the keys',
  '',
  'q, Ctrl-C             quit; Ctrl-Z goes to the shell, and fg comes back',
  'arrows, PgUp, PgDn    move; so do j and k; Home, End, g, G',
  '/                     filter by text in name, group, state or directory',
  'Esc                   no filter',
  'space                 look now',
  '',
  '< >  or left, right   sort by the column before, or behind',
  'r                     the other way round',
  'o n t f u             start order, name, state, fullest, all messages waiting',
  'd a                   deferred messages, age of the oldest message',
  'i b x                 messages in, bounced, rejected',
  '',
  'FULL      the service of master(8) that is nearest to its limit of processes',
  'QUEUES    messages in maildrop, incoming, active, deferred, hold',
  'MINUTE    messages in; recipients sent, deferred, bounced; commands rejected',
  'AGE       of the message that has been there longest',
  '',
  'Any key goes back.',
].map((text, at) => [at === 0 ? {text, style: 'bold'} : {text}])
