/** The changes of this host, newest last, and what their paths look like now. */
import {lstatSync, readdirSync, readFileSync} from 'node:fs'
import {namesBelow} from '../files/read.ts'
import type {Mark, PastChange, Present} from '../model/past.ts'
import {errorCode} from '../model/system-error.ts'
import {type PathTrace, pathOf, type Trace} from '../model/trace.ts'
import {parseLines} from './journal.ts'

/** Oldest first. What cannot be read as a change is left out. */
export function readHistory(directory: string): PastChange[] {
  let names: string[]
  try {
    names = readdirSync(`${directory}/journal`).filter((each) => each.endsWith('.jsonl'))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
  return names.sort().flatMap((name) => {
    const lines = parseLines(readFileSync(`${directory}/journal/${name}`, 'utf8'))
    const first = lines[0]
    if (first === undefined || !('begin' in first)) return []
    const ends = lines.flatMap((line) => ('end' in line ? [line] : []))
    const last = ends.at(-1)?.end
    return [
      {
        id: name.slice(0, -'.jsonl'.length),
        begin: first.begin,
        traces: lines.flatMap((line) => ('traces' in line ? line.traces : [])),
        after: ends.flatMap((line) => line.after ?? []),
        end: last === 'undone' ? 'undone' : last === undefined ? 'unknown' : 'done',
      } satisfies PastChange,
    ]
  })
}

/** Marks of all paths that these traces are about. */
export function markAll(traces: readonly Trace[]): Mark[] {
  return [...new Set(traces.filter(hasPath).map(pathOf))].map((path) => ({path, mark: markOf(path)}))
}

export function readPresent(past: PastChange): Omit<Present, 'running'> {
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
  const stats = lstatSync(path, {throwIfNoEntry: false})
  if (stats === undefined) return 'absent'
  const {createHash} = process.getBuiltinModule('node:crypto')
  const content = stats.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : ''
  return [stats.mode.toString(8), stats.uid, stats.gid, content].join(' ').trimEnd()
}
