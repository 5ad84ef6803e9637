/** The changes of this host, newest last, and what their paths look like now. */
import {lookAt, namesBelow, openFile, piecesOf} from '../files/read.ts'
import {Refusal, ToolFailure} from '../model/errors.ts'
import type {History, Mark, PastChange, Present, WholeChange} from '../model/past.ts'
import {errorCode, explainError} from '../model/system-error.ts'
import {type PathTrace, pathOf, type Trace} from '../model/trace.ts'
import {type Ends, type Entry, readEnds, readEntry} from './entry.ts'
import {entryNames, idOf} from './journal.ts'

/** Throws a ToolFailure where the reader has not the right to look. */
export function readHistory(directory: string): History {
  const journal = `${directory}/journal`
  const history: History = {changes: [], unreadable: []}
  for (const name of listEntries(journal)) {
    try {
      const ends = readEnds(`${journal}/${name}`)
      if (ends === undefined) continue
      // Records of plugins that failed after a change: they are short.
      const isIdle = ends.begin.afterwards !== undefined && readEntry(`${journal}/${name}`)?.traces.length === 0
      history.changes.push({...toChange(idOf(name), ends), ...(isIdle ? {idle: true} : {})})
    } catch (error) {
      // Another change has just made it the oldest of too many.
      if (errorCode(error) === 'ENOENT') continue
      history.unreadable.push({
        id: idOf(name),
        why: whyOf(error, `${journal}/${name}`),
        olderChanges: history.changes.length,
      })
    }
  }
  return history
}

/** Refuses one that makes no sense. */
export function readWhole(directory: string, past: PastChange): WholeChange {
  const name = listEntries(`${directory}/journal`).find((each) => idOf(each) === past.id)
  const entry = name === undefined ? undefined : readOrRefuse(`${directory}/journal/${name}`)
  if (entry === undefined) throw new Refusal(`No change ${past.id} in the history`, {mistake: true})
  const {traces, after, left} = entry
  return {...toChange(past.id, entry), traces, after, left}
}

function readOrRefuse(path: string): Entry | undefined {
  try {
    return readEntry(path)
  } catch (error) {
    throw new Refusal(whyOf(error, path))
  }
}

function toChange(id: string, {begin, end}: Ends): PastChange {
  return {id, begin, end: end === undefined ? 'unknown' : end === 'complete' ? 'done' : end}
}

function listEntries(journal: string): string[] {
  try {
    return entryNames(journal)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw new ToolFailure(`read ${journal}`, null, explainError(error))
  }
}

function whyOf(error: unknown, path: string): string {
  return error instanceof Refusal ? error.message : `${path}: ${explainError(error)}`
}

/** Marks of all paths that these traces are about. */
export function markAll(traces: readonly Trace[]): Mark[] {
  return [...new Set(traces.filter(hasPath).map(pathOf))].map((path) => ({path, mark: markOf(path)}))
}

export function readPresent(past: WholeChange): Omit<Present, 'running'> {
  const made = new Set(
    past.traces
      .filter(hasPath)
      .filter(({was}) => was === 'absent')
      .map(pathOf),
  )
  const newcomers = [...made].flatMap((path) => namesBelow(path).map((each) => `${path}/${each}`))
  return {marks: markAll(past.traces), newcomers: newcomers.filter((each) => !made.has(each))}
}

export function hasPath(trace: Trace): trace is PathTrace {
  return trace.was !== 'program'
}

function markOf(path: string): string {
  const stats = lookAt(path)
  if (stats === undefined) return 'absent'
  const content = stats.isFile() ? hashOf(path) : ''
  return [stats.mode.toString(8), stats.uid, stats.gid, content].join(' ').trimEnd()
}

/** Piece by piece: it may be larger than the memory. */
function hashOf(path: string): string {
  const {createHash} = process.getBuiltinModule('node:crypto')
  const hash = createHash('sha256')
  for (const piece of piecesOf(openFile(path), 256 * 1024)) hash.update(piece)
  return hash.digest('hex')
}
