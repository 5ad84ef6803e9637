/** Past changes for people and for programs: who, when, what, and each path before and after. */

import {allToLatin1, fromBytes, octal} from '../model/base/text.ts'
import {hasPath, type PathImage, type Permissions, pathOf} from '../model/change/before-image.ts'
import type {PastChange, WholeChange} from '../model/change/past.ts'
import type {PluginChange} from '../model/change/plugin-change.ts'
import {editMainCf} from '../model/main-cf/editor.ts'
import {describeRequest} from './request.ts'
import {colourDiff, type FileChange} from './terminal/diff.ts'
import {type Column, type Terminal, toTable} from './terminal/table.ts'
import {dayCell} from './terminal/time.ts'

export interface PastJson {
  id: string
  action: string
  /** The request in a few words. */
  what: string
  config_directory: string | null
  /** ISO 8601. */
  began: string
  uid: number
  /** As sudo(8) had it; null when the user was logged in as this one. */
  sudo_user: string | null
  pid: number
  /** Site plugins that were not asked. */
  without_plugins: string[]
  /** Why they were not; null where it was not said. */
  reason: string | null
  /** What site plugins could not do after the change. */
  failures: string[]
  /** Of a change of the plugins. */
  plugins: PluginChange[]
  /** 'undone' by a later undo; 'rolled back' because it failed or was killed, with something left over 'in part'. */
  state: 'done' | 'undone' | 'rolled back' | 'rolled back in part' | 'unknown'
}

export interface PathJson {
  path: string
  /** Of the file at `path`, where the change was about nothing else in it. */
  line: string | null
  before: FileState | null
  after: FileState | null
}

/** What a path looks like. */
export interface FileState {
  kind: 'file' | 'directory' | 'line' | 'other'
  mode: string
  uid: number
  gid: number
  /** Null for what is not a file, and where its contents were not touched. */
  sha256: string | null
}

export function toPastJson({id, begin, end}: PastChange, takenBack: ReadonlySet<string>): PastJson {
  const {request, config_directory, began, uid, sudoUser, pid, without = [], reason = null, afterwards} = begin
  const isTakenBack = end === 'done' && takenBack.has(id)
  return {
    id,
    action: request.action === 'plugins' ? `plugins ${request.how}` : request.action,
    what: `${afterwards === undefined ? '' : 'after '}${describeRequest(request, config_directory)}`,
    config_directory: config_directory === '' ? null : config_directory,
    began,
    uid,
    sudo_user: sudoUser,
    pid,
    without_plugins: without,
    reason,
    failures: afterwards?.failures ?? [],
    plugins: request.action === 'plugins' ? request.plugins : [],
    state: isTakenBack ? 'undone' : states[end],
  }
}

const states: Record<PastChange['end'], PastJson['state']> = {
  done: 'done',
  undone: 'rolled back',
  'undone in part': 'rolled back in part',
  unknown: 'unknown',
}

export function toHistoryTable(changes: readonly PastJson[], terminal: Terminal): string {
  if (changes.length === 0) return 'Nothing has been changed yet.'
  const columns: Column[] = [{heading: 'ID'}, {heading: 'WHEN'}, {heading: 'WHO', spare: 1}, {heading: 'STATE'}]
  const rows = changes.map((each) => ({
    cells: [{text: each.id}, dayCell(new Date(each.began)), {text: whoOf(each)}, {text: each.state}],
    note: [each.what, ...withoutOf(each)].join(', '),
  }))
  return toTable([...columns, {heading: 'WHAT'}], rows, terminal)
}

export interface WholeJson extends PastJson {
  paths: PathJson[]
  /** What could not be brought back or cleared away. */
  left: string[]
  diffs: {path: string; diff: string}[]
}

export function describeChange(change: WholeJson): string {
  const {id, what, paths, diffs} = change
  const head = [
    `${what}`,
    `  id      ${id}`,
    `  when    ${change.began}`,
    `  who     ${whoOf(change)}`,
    `  state   ${change.state}`,
    ...withoutOf(change).map((each) => `  ${each}`),
    ...change.failures.map((each) => `  failed  ${each}`),
    ...change.left.map((each) => `  left    ${each}`),
  ]
  const told = paths.flatMap(({path, line, before, after}) => [
    `  ${path}${line === null ? '' : `, the line: ${line}`}`,
    `    before  ${fileStateOf(before)}`,
    `    after   ${fileStateOf(after)}`,
  ])
  return [...head, '', ...told, ...diffs.flatMap(({diff}) => ['', colourDiff(diff)])].join('\n')
}

/** Each path once: as the first before-image of it says, and as it was at the end. */
export function toPathsJson({traces, after}: WholeChange): PathJson[] {
  const paths = new Map<string, PathJson>()
  for (const image of traces) {
    if (image.was === 'program') continue
    const path = pathOf(image)
    const line = image.was === 'line' ? fromBytes(image.line) : null
    const key = `${path}\n${line ?? ''}`
    if (paths.has(key)) continue
    const mark = after.find((each) => each.path === path)?.mark
    const became = image.was === 'line' ? lookOfLine(image, image.at === undefined) : mark && afterOf(mark)
    paths.set(key, {path, line, before: beforeOf(image), after: became || null})
  }
  return [...paths.values()]
}

/**
 * What became of each main.cf and master.cf that was there before, as far as that is still known: the journal keeps what
 * a file was, what was set in it, and the hash of what it became. `read` is for latin1 text of files as they are now.
 */
export function pastFileChanges(
  {begin: {request}, traces, after}: WholeChange,
  read: (path: string) => string | undefined,
): FileChange[] {
  return [...keptFiles({traces})].flatMap(([path, bytes]) => {
    if (!/\/(?:main|master)\.cf$/.test(path)) return []
    const before = bytes.toString('latin1')
    const edited = traces.reduce((text, each) => {
      if (each.was !== 'main.cf' || pathOf(each) !== path) return text
      return editMainCf(text, {set: allToLatin1(each.set), remove: each.unset})
    }, before)
    const mark = after.find((each) => each.path === path)?.mark.split(' ')[3]
    const candidates = [edited, request.action === 'edit' ? request.becomes : undefined, read(path)]
    const became = candidates.find((each) => each !== undefined && hashOf(Buffer.from(each, 'latin1')) === mark)
    return became === undefined || became === before ? [] : [{path, from: path, before, after: became}]
  })
}

/** The bytes of each file that was there before the change, and that it has changed or removed: as it was then. */
export function keptFiles({traces}: Pick<WholeChange, 'traces'>): Map<string, Buffer> {
  const paths = traces
    .filter(hasPath)
    .flatMap((each): PathImage[] => (each.was === 'moved' || each.was === 'tree' ? each.tree : [each]))
    .map((each) => [pathOf(each), each] as const)
  // Of several images of a path the first one is what it was.
  return new Map(
    [...new Map(paths.toReversed())].flatMap(([path, each]): [string, Buffer][] =>
      'base64' in each ? [[path, Buffer.from(each.base64, 'base64')]] : [],
    ),
  )
}

function hashOf(bytes: Buffer): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex')
}

function beforeOf(image: PathImage): FileState | null {
  if (image.was === 'absent') return null
  if (image.was === 'link') return {kind: 'other', mode: '0777', uid: image.uid, gid: image.gid, sha256: null}
  if (image.was === 'moved' || image.was === 'tree') {
    const own = image.tree.find((each) => 'path' in each && each.path === image.path)
    if (own === undefined && image.was === 'tree') return null
    return own === undefined ? {kind: 'other', mode: '', uid: 0, gid: 0, sha256: null} : beforeOf(own)
  }
  if (image.was === 'line') return lookOfLine(image, image.at !== undefined)
  const {mode, uid, gid} = image
  const kind = image.was === 'directory' ? 'directory' : image.was === 'there' ? 'other' : 'file'
  const sha256 = 'base64' in image ? hashOf(Buffer.from(image.base64, 'base64')) : null
  return {kind, mode: octal(mode), uid, gid, sha256}
}

function lookOfLine({mode, uid, gid}: Permissions, isThere: boolean): FileState | null {
  return isThere ? {kind: 'line', mode: octal(mode), uid, gid, sha256: null} : null
}

/** A mark is "MODE UID GID [HASH]", the mode with the kind of file. */
function afterOf(mark: string): FileState | null {
  if (mark === 'absent') return null
  const [mode = '', uid, gid, sha256 = null] = mark.split(' ')
  const bits = Number.parseInt(mode, 8)
  const type = bits & 0o170000
  const kind = type === 0o100000 ? 'file' : type === 0o040000 ? 'directory' : 'other'
  return {kind, mode: octal(bits & 0o7777), uid: Number(uid), gid: Number(gid), sha256}
}

function fileStateOf(look: FileState | null): string {
  if (look === null) return 'absent'
  const {kind, mode, uid, gid, sha256} = look
  return [kind, mode, `${uid}:${gid}`, sha256 === null ? '' : `sha256 ${sha256.slice(0, 12)}`].join(' ').trimEnd()
}

function withoutOf({without_plugins, reason}: PastJson): string[] {
  return without_plugins.map((each) => `without plugin ${each}${reason === null ? '' : ` (${reason})`}`)
}

function whoOf({uid, sudo_user}: PastJson): string {
  return sudo_user ?? (uid === 0 ? 'root' : `uid ${uid}`)
}
