/** The changes of this host, newest last, and what their paths look like now. */
import {digestsOf} from '../files/digest.ts'
import {lookAt, treeAt} from '../files/read.ts'
import {Refusal, ToolFailure} from '../model/base/errors.ts'
import {errorCode, explainError} from '../model/base/system-error.ts'
import {type BeforeImage, hasPath, type PathImage, pathOf} from '../model/change/before-image.ts'
import type {ChangeHistory, Mark, PastChange, Present, WholeChange} from '../model/change/past.ts'
import {type Ends, type JournalEntry, readEnds, readEntry} from './entry.ts'
import {changeId, entryNames} from './journal.ts'

/** Throws a ToolFailure where the reader has not the right to look. */
export function readHistory(directory: string): ChangeHistory {
  const journal = `${directory}/journal`
  const history: ChangeHistory = {changes: [], unreadable: []}
  for (const name of listEntries(journal)) {
    try {
      const ends = readEnds(`${journal}/${name}`)
      // Records of plugins that failed after a change: they are short.
      const isIdle = ends.begin.afterwards !== undefined && readEntry(`${journal}/${name}`)?.traces.length === 0
      history.changes.push({...toChange(changeId(name), ends), ...(isIdle ? {idle: true} : {})})
    } catch (error) {
      // Another change has just made it the oldest of too many.
      if (errorCode(error) === 'ENOENT' && lookAt(`${journal}/${name}`) === undefined) continue
      history.unreadable.push({
        id: changeId(name),
        why: whyOf(error, `${journal}/${name}`),
        olderChanges: history.changes.length,
      })
    }
  }
  return history
}

/** Refuses an invalid one. */
export function readWholeChange(directory: string, past: PastChange): WholeChange {
  const name = listEntries(`${directory}/journal`).find((each) => changeId(each) === past.id)
  const entry = name === undefined ? undefined : readOrRefuse(`${directory}/journal/${name}`)
  if (entry === undefined) throw new Refusal(`No change ${past.id} in the history`, {kind: 'not found'})
  const {traces, after, left} = entry
  return {...toChange(past.id, entry), traces, after, left}
}

function readOrRefuse(path: string): JournalEntry | undefined {
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

/** What was there, and of a whole tree what is there by now. */
function imagePaths(image: PathImage): string[] {
  if (image.was !== 'tree') return [pathOf(image)]
  return [image.path, ...image.tree.map(pathOf), ...treeAt(image.path)]
}

/** Marks of all paths that these before-images are about. */
export function markPaths(traces: readonly BeforeImage[]): Mark[] {
  // A single line is taken back whatever has become of the others.
  const whole = traces.filter(hasPath).filter(({was}) => was !== 'line')
  const paths = [...new Set(whole.flatMap(imagePaths))]
  const found = paths.map((path) => ({path, stats: lookAt(path)}))
  const digests = digestsOf(found.flatMap(({path, stats}) => (stats?.isFile() ? [path] : [])))
  return found.map(({path, stats}) => {
    if (stats === undefined) return {path, mark: 'absent'}
    const content = stats.isFile() ? [digests.shift()] : []
    return {path, mark: [stats.mode.toString(8), stats.uid, stats.gid, ...content].join(' ')}
  })
}

export function readPresent(past: WholeChange): Omit<Present, 'running'> {
  const made = new Set(
    past.traces
      .filter(hasPath)
      .filter(({was}) => was === 'absent')
      .map(pathOf),
  )
  const trees = past.traces.flatMap((each) => (each.was === 'tree' ? [each.path] : []))
  const left = new Set(past.after.filter(({mark}) => mark !== 'absent').map(({path}) => path))
  const appeared = new Set([...made, ...trees].flatMap((each) => treeAt(each).slice(1)))
  const isKnown = (path: string): boolean => made.has(path) || left.has(path)
  return {marks: markPaths(past.traces), appeared: [...appeared].filter((each) => !isKnown(each))}
}
