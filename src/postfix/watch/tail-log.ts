/**
 * The lines that one instance has written to its log: the newest of them, and those that come. Read from the end, so
 * that gigabytes of the others cost nothing. Source: postconf(5), maillog_file and syslog_name.
 */
import {closeSync, readSync} from 'node:fs'
import {ToolFailure} from '../../model/base/errors.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'
import {cutLines, fromBytes} from '../../model/base/text.ts'
import {type Instance, label} from '../../model/instance/instance.ts'
import {writerOf} from '../../model/mail/mail-log.ts'
import type {Primary} from '../reader/primary.ts'
import {type ReadPosition, readOn} from './follow-log.ts'
import {findMailLog, journal, longestLine, openLog, ownerOf, pieceSize, readJournal, withoutHoles} from './mail-log.ts'

/** Where an instance logs, and with whom. */
export interface OwnLog {
  /** A file, or 'journal'. */
  source: string
  /** The label of another one that writes under the same name: their lines cannot be told apart. */
  twin: string | undefined
  /** `line` is latin1 text. */
  isOwn(line: string): boolean
}

export function findOwnLog(
  instance: Instance,
  all: readonly Instance[],
  primary: Primary,
  warn: (text: string) => void,
): OwnLog {
  const [[source, own] = ['', new Map<string, string>()]] = findMailLog([instance], primary, warn)
  const labels = findMailLog(all, primary, () => {}).get(source) ?? own
  const [owner] = [...own.keys()].map((name) => labels.get(name))
  return {
    source,
    twin: owner === label(instance) ? undefined : owner,
    isOwn(line) {
      const writer = writerOf(line)
      return writer !== undefined && ownerOf(fromBytes(writer), labels) === owner
    },
  }
}

/** The newest lines, the oldest of them first, and the place behind them. Throws a ToolFailure. */
export async function readNewest(
  {source, isOwn}: OwnLog,
  most: number,
): Promise<{lines: string[]; place: ReadPosition}> {
  const lines: string[] = []
  const place: ReadPosition = {inode: 0, offset: 0, rest: ''}
  const isEnough = (): boolean => lines.length >= most
  const consider = (line: string): void => {
    if (!isEnough() && isOwn(line)) lines.unshift(fromBytes(line))
  }
  if (source !== journal) unlessMissing(source, () => readBackwards(source, place, consider, isEnough))
  else if (!isEnough()) {
    for await (const line of linesOf(readJournal('--reverse'))) {
      consider(line)
      if (isEnough()) break
    }
  }
  return {lines, place}
}

/** Until it is ended by a signal. */
export async function followLines(
  {source, isOwn}: OwnLog,
  place: ReadPosition,
  take: (line: string) => void,
): Promise<void> {
  const consider = (line: string): void => {
    if (isOwn(line)) take(fromBytes(line))
  }
  if (source === journal) {
    for await (const line of linesOf(readJournal('--follow', '--lines=0'))) consider(line)
    return
  }
  const {setTimeout: sleep} = process.getBuiltinModule('node:timers/promises')
  for (;;) {
    unlessMissing(source, () => withLog(source, (file) => readOn(file, place, consider)))
    await sleep(250)
  }
}

function readBackwards(
  source: string,
  place: ReadPosition,
  consider: (line: string) => void,
  isEnough: () => boolean,
): void {
  withLog(source, ({descriptor, stats: {ino, size}}) => {
    const buffer = Buffer.allocUnsafe(pieceSize)
    let rest: string | undefined
    for (let end = size; end > 0 && !(isEnough() && rest !== undefined); end -= pieceSize) {
      const start = Math.max(0, end - pieceSize)
      const length = readSync(descriptor, buffer, 0, end - start, start)
      const {lines, rest: last} = cutLines(withoutHoles(buffer.toString('latin1', 0, length)) + (rest ?? ''))
      // At the end of the file is a line that is not whole yet, or nothing.
      if (rest === undefined) place.rest = last.slice(0, longestLine)
      else lines.push(last)
      rest = start === 0 ? '' : (lines.shift() ?? '').slice(0, longestLine)
      for (const each of lines.reverse()) consider(each)
    }
    Object.assign(place, {inode: ino, offset: size})
  })
}

function withLog(source: string, read: (file: ReturnType<typeof openLog>) => void): void {
  const file = openLog(source)
  try {
    read(file)
  } finally {
    closeSync(file.descriptor)
  }
}

/** It may have no line yet, or none since it was renamed. */
function unlessMissing(source: string, read: () => void): void {
  try {
    read()
  } catch (error) {
    const reason = explainError(error)
    if (errorCode(error) !== 'ENOENT') throw new ToolFailure(`read ${source}`, null, reason)
  }
}

async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of pieces) {
    const cut = cutLines(rest + piece)
    rest = cut.rest
    yield* cut.lines
  }
}
