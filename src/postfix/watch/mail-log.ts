/**
 * The mail log of the host, read piece by piece: it may have gigabytes. Several readings find all that belongs to a
 * message, because what is learnt in one line can be about earlier ones; nothing is kept but lines that matter.
 * Source: postconf(5), maillog_file and syslog_name.
 */

import type {Dirent} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import type {Transform} from 'node:stream'
import {systemError} from '../../files/directory.ts'
import {lookThrough, type OpenFile, openFile, piecesOf, quietly, readEntries} from '../../files/read.ts'
import {Refusal, ToolFailure} from '../../model/base/errors.ts'
import {systemPath} from '../../model/base/places.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {explainError} from '../../model/base/system-error.ts'
import {fromBytes, toLatin1} from '../../model/base/text.ts'
import {typed} from '../../model/base/typed.ts'
import {type Instance, label} from '../../model/instance/instance.ts'
import {type LogLine, linksIn, parseHead, parseLogLine} from '../../model/mail/mail-log.ts'
import {readValues} from '../parameters/values.ts'
import type {Primary} from '../reader/primary.ts'
import {copyLatin1} from '../reader/read-file.ts'

/** What instances are called here (by their label, where nothing else is said), by what begins their lines. */
export type LogLabels = Map<string, string>

/** By file, or 'journal': who logs there. */
export type MailLog = ReadonlyMap<string, LogLabels>

export interface Search {
  /** What begins the search: a queue id, or a part of lines, which are latin1 text; that begins where its lastIndex says. */
  queue_id?: string
  pattern?: RegExp
  /** How many of the newest matches to follow. */
  newest: number
}

export interface Gathered {
  /** In the order of the log. */
  lines: LogLine[]
  /** Of refused mail, which had no queue id. */
  refused: LogLine[]
  /** There is more than could be followed. */
  more: boolean
  /** By file: why it could not be read, while others could. */
  unread: Map<string, string>
}

export const journal = 'journal'
const systemLogs = ['/var/log/mail.log', '/var/log/maillog', '/var/log/mail']

/** `warn` gets what keeps an instance's settings from being read. */
export function findMailLog(instances: readonly Instance[], primary: Primary, warn: (text: string) => void): MailLog {
  const log = new Map<string, LogLabels>()
  const system = findSystemLog()
  for (const instance of instances) {
    const {maillog_file, syslog_name} = readLogSettings(instance, primary, warn)
    const source = maillog_file || system
    const labels = log.get(source) ?? new Map<string, string>()
    // The first one has it: two instances of one name cannot be told apart in one log.
    if (!labels.has(syslog_name)) labels.set(syslog_name, label(instance))
    log.set(source, labels)
  }
  return log
}

/** Where an instance logs that has no maillog_file. */
export function findSystemLog(): string {
  return systemLogs.find((each) => sourceKind(each) === 'file') ?? journal
}

/** Throws what open(2) would, and ENOTREG for what is not a file. */
export function openLog(path: string): OpenFile {
  if (isDevice(path)) throw systemError('ENOTREG', path)
  return openFile(path)
}

/** Those that are there; `warn` is told of what is not a file, and would be read for ever. */
export function onlyFiles(log: MailLog, warn: (text: string) => void): MailLog {
  const isWanted = ([source, labels]: [string, LogLabels]): boolean => {
    const kind = source === journal ? 'file' : sourceKind(source)
    if (kind === 'other') {
      warn(
        `the mail log of ${[...labels.values()].join(', ')} goes to ${source}, which is not a file: name another with --log`,
      )
    }
    return kind === 'file'
  }
  return new Map([...log].filter(isWanted))
}

/** What cannot be looked at may be a file: opening it says why it cannot be read. */
function sourceKind(source: string): 'file' | 'other' | 'absent' {
  if (isDevice(source)) return 'other'
  const stats = quietly(() => lookThrough(source) ?? null)
  return stats === null ? 'absent' : (stats?.isFile() ?? true) ? 'file' : 'other'
}

/** /dev/stdout of the container of Postfix is another file here. */
function isDevice(path: string): boolean {
  return path.startsWith('/dev/')
}

/** These files in place of the others; an instance that logs elsewhere now may have logged to them. */
export function readInstead(log: MailLog, sources: readonly string[]): MailLog {
  const all = new Map([...log.values()].reverse().flatMap((labels) => [...labels]))
  return new Map(sources.map((each) => [each, log.get(each) ?? all]))
}

/**
 * With older files of the same logs, as logrotate(8) and postfix(1) leave them: FILE.1, FILE.2.gz, FILE-20261125.xz,
 * FILE.20261125-080000.gz. The oldest come first.
 */
export function withOlderFiles(log: MailLog): MailLog {
  return new Map([...log].flatMap(([source, labels]) => [...olderFiles(source), source].map((each) => [each, labels])))
}

function olderFiles(source: string): string[] {
  if (source === journal) return []
  const [directory, name] = [dirname(source), basename(source)]
  const suffix = /^[.-]\d[\d-]*(?:\.(?:gz|xz|bz2|zst))?$/
  const found = readableEntries(directory).flatMap((each) => {
    if (!each.name.startsWith(name) || !suffix.test(each.name.slice(name.length))) return []
    const path = join(directory, each.name)
    const stats = lookThrough(path)
    return stats?.isFile() ? [{path, written: stats.mtimeMs}] : []
  })
  return found.sort((one, other) => one.written - other.written).map(({path}) => path)
}

/** None where the caller may not look: then the log itself counts as unreadable. */
function readableEntries(directory: string): Dirent[] {
  return quietly(() => readEntries(directory)) ?? []
}

function readLogSettings(
  instance: Instance,
  primary: Primary,
  warn: (text: string) => void,
): {maillog_file: string; syslog_name: string} {
  try {
    const [values] = readValues([instance.config_directory], ['maillog_file', 'syslog_name'], primary)
    return {maillog_file: values?.get('maillog_file') ?? '', syslog_name: values?.get('syslog_name') ?? 'postfix'}
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
    warn(error.message)
    return {maillog_file: '', syslog_name: instance.multi_instance_name || 'postfix'}
  }
}

/** A single message does not have more ids than this. */
const mostIds = 1000
const mostLines = 20_000
/** One for each new thing that is learnt; a message has few hops. */
const mostReadings = 8

export async function gatherLines(log: MailLog, search: Search): Promise<Gathered> {
  const now = new Date()
  const ids = new Set<string>()
  const messageIds = new Set<string>()
  const gathered: Gathered = {lines: [], refused: [], more: false, unread: new Map()}
  if (search.queue_id !== undefined) ids.add(search.queue_id)
  if (search.pattern !== undefined) await find(search.pattern)
  for (let readings = 0; ids.size > 0 && readings < mostReadings; readings++) {
    gathered.lines = []
    if (!(await follow())) break
  }
  return gathered

  /** The newest ids with a line that matches. */
  async function find(pattern: RegExp): Promise<void> {
    const keepNewest = <Each>(kept: Each[] | Set<Each>, remove: () => void): void => {
      const size = Array.isArray(kept) ? kept.length : kept.size
      if (size <= search.newest) return
      remove()
      gathered.more = true
    }
    for await (const {piece, labels} of readPieces(log, gathered.unread)) {
      pattern.lastIndex = 0
      for (;;) {
        const found = pattern.exec(piece)
        if (found === null) break
        pattern.lastIndex = piece.indexOf('\n', found.index) + 1
        const parsed = parseLogLine(lineAround(piece, found.index), now, (name) => logLabel(name, labels))
        if (parsed?.queue_id === 'NOQUEUE') {
          gathered.refused.push(parsed)
          keepNewest(gathered.refused, () => gathered.refused.shift())
        } else if (parsed !== undefined) {
          ids.delete(parsed.queue_id)
          ids.add(parsed.queue_id)
          keepNewest(ids, () => ids.delete(ids.values().next().value!))
        }
      }
    }
  }

  /** True when something was learnt that earlier lines may be about. */
  async function follow(): Promise<boolean> {
    let isLate = false
    let wanted = anyOf([...ids, ...messageIds])
    for await (const {piece, labels} of readPieces(log, gathered.unread)) {
      for (;;) {
        const found = wanted.exec(piece)
        if (found === null) break
        const line = lineAround(piece, found.index)
        const next = piece.indexOf('\n', found.index) + 1
        const known = ids.size + messageIds.size
        if (consider(line, labels)) isLate = true
        if (ids.size + messageIds.size > known) wanted = anyOf([...ids, ...messageIds])
        wanted.lastIndex = next
      }
    }
    return isLate
  }

  /** True when earlier lines may matter, too. */
  function consider(line: string, labels: LogLabels): boolean {
    const parsed = parseLogLine(line, now, (name) => logLabel(name, labels))
    if (parsed === undefined) return false
    const {next, earlier, notice, messageId} = linksIn(parsed.text)
    const queueIds = [next, earlier, notice].filter((each) => each !== undefined)
    const matters = [parsed.queue_id, ...queueIds].some((id) => ids.has(id)) || messageIds.has(messageId ?? '')
    if (!matters) return false
    if (gathered.lines.length < mostLines) gathered.lines.push(parsed)
    else gathered.more = true
    // The first line of a message in an instance: there are no earlier ones.
    const isFirst = /^(?:client=|uid=)/.test(parsed.text)
    const learnt = [
      learn(ids, parsed.queue_id) && !isFirst,
      ...queueIds.map((id) => learn(ids, id)),
      messageId !== undefined && learn(messageIds, messageId),
    ]
    return learnt.includes(true)
  }

  function learn(known: Set<string>, each: string): boolean {
    if (known.has(each)) return false
    if (known.size >= mostIds) {
      gathered.more = true
      return false
    }
    known.add(each)
    return true
  }
}

/** Ids that differ from this one only in the case of letters, or begin with it. */
export async function findSimilarIds(log: MailLog, queue_id: string, most: number): Promise<string[]> {
  const found = new Set<string>()
  const pattern = new RegExp(`: (${literally(queue_id)}\\w*): `, 'gi')
  for await (const {piece} of readPieces(log, new Map())) {
    for (const [, each] of piece.matchAll(pattern)) found.add(each!)
    if (found.size >= most) break
  }
  return [...found].slice(0, most)
}

/** Why nothing can be found in a file: it is empty, or has no line in a form that is known. Throws a ToolFailure. */
export async function findUnknownForms(log: MailLog): Promise<string[]> {
  const found: string[] = []
  for (const [source, labels] of log) {
    let first: string | undefined
    let isKnown = source === journal
    if (!isKnown)
      for await (const {piece} of readPieces(new Map([[source, labels]]), new Map())) {
        const lines = piece.split('\n').filter((each) => each !== '')
        first ??= lines[0]
        isKnown = lines.some((each) => parseHead(each) !== undefined)
        if (isKnown) break
      }
    if (isKnown) continue
    found.push(
      first === undefined
        ? `${source} is empty`
        : `no line of ${source} has a form that is known; the first one is ${shortened(fromBytes(first))}`,
    )
  }
  return found
}

function shortened(line: string): string {
  const all = [...line]
  return typed([all.length > 80 ? `${all.slice(0, 80).join('')}...` : line])
}

/** Postfix writes no longer lines; such a line is cut. */
export const longestLine = 64 * 1024

/** Whole lines, many in a piece; latin1 text. Of several files one may be unreadable: it goes to `unread`. */
async function* readPieces(
  log: MailLog,
  unread: Map<string, string>,
): AsyncGenerator<{piece: string; labels: LogLabels}> {
  for (const [source, labels] of log) {
    let rest = ''
    try {
      for await (const chunk of open(source)) {
        const text = withoutHoles(chunk)
        const [first, end] = [text.indexOf('\n') + 1, text.lastIndexOf('\n') + 1]
        if (end > 0) {
          const line = rest + text.slice(0, first)
          const whole = line.length > longestLine ? `${line.slice(0, longestLine)}\n` : line
          rest = copyLatin1(text.slice(end))
          yield {piece: whole + text.slice(first, end), labels}
        } else if (rest.length < longestLine) rest = copyLatin1(rest + text.slice(0, longestLine - rest.length))
      }
    } catch (error) {
      if (!(error instanceof ToolFailure) || log.size === 1) throw error
      unread.set(source, error.said)
    }
    if (rest !== '') yield {piece: `${rest}\n`, labels}
  }
}

/** NULs are where a file was cut while somebody wrote, or the power failed: what is behind them is a line of its own. */
export function withoutHoles(text: string): string {
  return text.includes('\0') ? text.replaceAll(/\0+/g, '\n') : text
}

async function* open(source: string): AsyncGenerator<string> {
  if (source === journal) return yield* readJournal()
  const pieces = readLog(source)
  try {
    const {value: first} = pieces.next()
    if (first === undefined) return
    const packing = packings.find(({magic}) => first.toString('latin1', 0, magic.length) === magic)
    if (packing !== undefined) return yield* packing.read(source, copies(first, pieces))
    yield first.toString('latin1')
    for (const each of pieces) yield each.toString('latin1')
  } catch (error) {
    if (error instanceof ToolFailure) throw error
    throw new ToolFailure(`read ${source}`, null, explainError(error))
  } finally {
    pieces.return(undefined)
  }
}

/** Small pieces are searched in the processor's cache: twice as fast, with half of the memory. */
export const pieceSize = 64 * 1024

/** Opened when the first piece is wanted. */
function* readLog(source: string): Generator<Buffer, undefined> {
  return yield* piecesOf(openLog(source), pieceSize)
}

function* copies(first: Buffer, others: Iterable<Buffer>): Generator<Buffer> {
  yield Buffer.from(first)
  for (const each of others) yield Buffer.from(each)
}

/** By what the file begins with, whatever it is called. */
const packings: {magic: string; read(source: string, packed: Iterable<Buffer>): AsyncGenerator<string>}[] = [
  {
    magic: '\x1f\x8b',
    read: (source, packed) => unpack(source, packed, process.getBuiltinModule('node:zlib').createGunzip()),
  },
  {
    magic: '\x28\xb5\x2f\xfd',
    read: (source, packed) => unpack(source, packed, process.getBuiltinModule('node:zlib').createZstdDecompress()),
  },
  {magic: '\xfd7zXZ', read: (_, packed) => outputOf('xz', ['-dc'], packed)},
  {magic: 'BZh', read: (_, packed) => outputOf('bzip2', ['-dc'], packed)},
]

async function* unpack(source: string, packed: Iterable<Buffer>, unpacker: Transform): AsyncGenerator<string> {
  const {pipeline, Readable} = process.getBuiltinModule('node:stream')
  // Its errors come out where it is read.
  pipeline(Readable.from(packed), unpacker, () => {})
  try {
    yield* unpacker.setEncoding('latin1')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && /^Z/.test(String(error.code)))) throw error
    throw new ToolFailure(`read ${source}`, null, error.message)
  }
}

async function* outputOf(command: string, words: string[], input: Iterable<Buffer> = []): AsyncGenerator<string> {
  const {spawn} = process.getBuiltinModule('node:child_process')
  const {pipeline, Readable} = process.getBuiltinModule('node:stream')
  const child = spawn(command, words, {env: {...process.env, PATH: systemPath}})
  const ended = new Promise<number | null>((resolve) => void child.on('close', resolve))
  // Where it could not be started it may have no streams.
  await new Promise((resolve, reject) => {
    child.on('spawn', resolve).on('error', (error) => {
      reject(new ToolFailure([command, ...words].join(' '), null, explainError(error)))
    })
  })
  let warnings = ''
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    warnings += more
  })
  // When it ends early its status tells why.
  pipeline(Readable.from(input), child.stdin, () => {})
  let isRead = false
  try {
    yield* child.stdout.setEncoding('latin1')
    isRead = true
  } finally {
    if (!isRead) child.kill()
  }
  const status = await ended
  if (status !== 0) throw new ToolFailure([command, ...words].join(' '), status, warnings.trim())
}

/** What has the facility "mail", in a form like that of a file. */
export async function* readJournal(...wishes: string[]): AsyncGenerator<string> {
  const words = ['--quiet', '--no-pager', '--output=short-iso-precise', ...wishes, 'SYSLOG_FACILITY=2']
  try {
    yield* outputOf('journalctl', words)
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
    // The journal is empty.
    if (error.status !== null && error.said === '') return
    if (error.status !== null) throw error
    throw new Refusal(`No mail log: there is none of ${systemLogs.join(', ')}, and no journal`, {
      suggestions: [suggest`postmulti trace --help`],
    })
  }
}

function lineAround(piece: string, at: number): string {
  return fromBytes(copyLatin1(piece.slice(piece.lastIndexOf('\n', at) + 1, piece.indexOf('\n', at))))
}

/** Begins where its lastIndex says. */
function anyOf(words: readonly string[]): RegExp {
  return new RegExp(words.map((each) => literally(toLatin1(each))).join('|'), 'g')
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function logLabel(name: string, labels: LogLabels): string {
  return ownerOf(name, labels) ?? name
}

/** Of the longest syslog_name that it begins with. */
export function ownerOf(name: string, labels: LogLabels): string | undefined {
  for (let part = name; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('/')))) {
    const found = labels.get(part)
    if (found !== undefined) return found
  }
  return undefined
}
