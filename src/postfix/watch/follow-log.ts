/**
 * Counts what happens in the mail log, each time from where the last look ended. The first one goes back a minute from
 * the end: a log may have gigabytes. What comes into a file after it was renamed, and before somebody looks, is missed.
 */
import {closeSync, readSync} from 'node:fs'
import type {OpenFile} from '../../files/read.ts'
import {systemPath} from '../../model/base/places.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'
import {cutLines, fromBytes} from '../../model/base/text.ts'
import {parseEvent} from '../../model/mail/mail-events.ts'
import {parseLogTime, whenOf} from '../../model/mail/mail-log.ts'
import {type Tally, window} from '../../model/mail/rates.ts'
import {copyLatin1} from '../reader/read-file.ts'
import {
  journal,
  type LogLabels,
  longestLine,
  type MailLog,
  openLog,
  ownerOf,
  pieceSize,
  withoutHoles,
} from './mail-log.ts'

/** Owners in the tally are what the log calls the instances; it may be another log each time. */
export type LookAtLog = (log: MailLog, now: Date) => Promise<void>

/** How far the first look goes back at most, in bytes of each file. */
const farthest = 8 * 1024 * 1024
const buffer = Buffer.allocUnsafeSlow(pieceSize)

/** Up to where a file has been read. */
export interface ReadPosition {
  inode: number
  offset: number
  /** A line that has not ended yet. */
  rest: string
}

/** `warn` is told once of a log that cannot be read. `programs` is where journalctl(1) is looked for. */
export function followLog(tally: Tally, warn: (text: string) => void, programs = systemPath): LookAtLog {
  /** With the second of the last look. */
  const places = new Map<string, ReadPosition & {second: number}>()
  const failed = new Set<string>()
  let cursor: string | undefined
  let lastTime = {text: '', second: 0}

  return async (log, now) => {
    for (const [source, labels] of log) {
      try {
        if (source === journal) await lookAtJournal(labels, now)
        else lookAtFile(source, labels, now)
        failed.delete(source)
      } catch (error) {
        const reason = explainError(error)
        // It has no line yet, or none since it was renamed.
        if (errorCode(error) === 'ENOENT' && source !== journal) {
          for (const each of labels.values()) tally.begin(each, secondOf(now) - window)
          continue
        }
        if (!failed.has(source))
          warn(source === journal ? 'there is no mail log, so there are no rates' : `${source}: ${reason}`)
        failed.add(source)
      }
    }
  }

  function lookAtFile(source: string, labels: LogLabels, now: Date): void {
    const file = openLog(source)
    try {
      const {ino, size} = file.stats
      const last = places.get(source)
      const place = last ?? {inode: ino, offset: size, rest: '', second: secondOf(now)}
      const since = last === undefined ? goBack(file, place, now) : secondOf(now)
      places.set(source, place)
      for (const each of labels.values()) tally.begin(each, since)
      readOn(file, place, (line) => count(line, labels, now, place.second))
      place.second = secondOf(now)
    } finally {
      closeSync(file.descriptor)
    }
  }

  /** To a place before the lines of the last minute; since when all is known. */
  function goBack({descriptor, stats}: OpenFile, place: ReadPosition & {second: number}, now: Date): number {
    const earliest = secondOf(now) - window
    place.second = earliest
    if (stats.mtimeMs / 1000 < earliest) return earliest
    for (;;) {
      const start = Math.max(0, place.offset - pieceSize)
      const length = readSync(descriptor, buffer, 0, place.offset - start, start)
      place.offset = start
      if (start === 0) return earliest
      const {lines} = cutLines(buffer.toString('latin1', 0, length))
      const first = lines
        .slice(1)
        .map(whenOf)
        .find((each) => each !== undefined)
      const second = first === undefined ? earliest : secondOf(parseLogTime(first, now))
      if (second < earliest) return earliest
      if (stats.size - start >= farthest) return second
    }
  }

  /** What is older than the earliest that is wanted does not count; the writer may have a clock of his own. */
  function count(line: string, labels: LogLabels, now: Date, earliest: number): void {
    const event = parseEvent(line)
    const owner = event === undefined ? undefined : ownerOf(fromBytes(event.name), labels)
    if (event === undefined || owner === undefined) return
    if (event.when !== lastTime.text) {
      lastTime = {text: event.when, second: secondOf(parseLogTime(event.when, now))}
    }
    const isHistory = earliest <= secondOf(now) - window
    if (isHistory && lastTime.second < earliest) return
    tally.add(owner, event.kind, Math.min(Math.max(lastTime.second, earliest), secondOf(now)))
  }

  async function lookAtJournal(labels: LogLabels, now: Date): Promise<void> {
    const {spawn} = process.getBuiltinModule('node:child_process')
    const {createInterface} = process.getBuiltinModule('node:readline')
    const from = cursor === undefined ? `--since=@${secondOf(now) - window}` : `--after-cursor=${cursor}`
    const words = ['--quiet', '--no-pager', '--output=short-iso-precise', '--show-cursor', 'SYSLOG_FACILITY=2', from]
    const child = spawn('journalctl', words, {
      env: {...process.env, PATH: programs},
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await new Promise((resolve, reject) => child.on('spawn', resolve).on('error', reject))
    for (const each of labels.values()) tally.begin(each, secondOf(now) - window)
    for await (const line of createInterface({input: child.stdout.setEncoding('latin1')})) {
      const found = /^-- cursor: (\S+)$/.exec(line)?.[1]
      if (found === undefined) count(line, labels, now, secondOf(now) - window)
      else cursor = found
    }
  }
}

/** Up to the end that it had when it was opened: what is written meanwhile is for the next look. Lines are latin1 text. */
export function readOn(
  {descriptor, stats: {ino, size}}: OpenFile,
  place: ReadPosition,
  take: (line: string) => void,
): void {
  // Another file under the name, or the same one emptied.
  if (place.inode !== ino || size < place.offset) Object.assign(place, {inode: ino, offset: 0, rest: ''})
  while (place.offset < size) {
    const length = readSync(descriptor, buffer, 0, Math.min(pieceSize, size - place.offset), place.offset)
    if (length === 0) break
    place.offset += length
    const {lines, rest} = cutLines(place.rest + withoutHoles(buffer.toString('latin1', 0, length)))
    place.rest = copyLatin1(rest.slice(0, longestLine))
    for (const each of lines) take(each)
  }
}

function secondOf(time: Date): number {
  return Math.floor(time.getTime() / 1000)
}
