/**
 * What a step is about to change, as it is before: enough to bring it back after a failure, a SIGKILL or an undo.
 * A before-image is plain data, goes into the journal before the step acts, and may be restored more than once.
 * What lies below a foreign directory is brought back only where it is the same inode still.
 */
import {dirname} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {
  changeIn,
  examine,
  examineContent,
  type Found,
  makeDirectoryIn,
  newName,
  ours,
  type PathState,
  remove,
  removeTree,
  rename,
  setPermissions,
  writeFile,
  writeLink,
  writeLinkIn,
  writeNew,
} from '../files/act.ts'
import {type Directory, systemError} from '../files/directory.ts'
import {isDirectory, treeAt} from '../files/read.ts'
import {Refusal} from '../model/base/errors.ts'
import {errorCode} from '../model/base/system-error.ts'
import {
  type BeforeImage,
  type Identity,
  type PathImage,
  type Permissions,
  pathOf,
} from '../model/change/before-image.ts'
import {editLine, placeOfLine} from '../model/change/lines.ts'
import type {Program} from '../model/change/runner.ts'

/** In bytes: what is larger is not kept for an undo, so the step does not begin. */
export const largestKept = 64 * 1024 * 1024

type Restorable = Exclude<PathImage, {was: 'main.cf'}>
type Replaceable = Extract<PathImage, {was: 'absent' | 'file' | 'link'}>
type Removed = Extract<BeforeImage, {was: 'moved'}>
type Whole = Extract<BeforeImage, {was: 'tree'}>
type LineImage = Extract<BeforeImage, {was: 'line'}> & {temporary: string}

/** The bytes, owner, mode and time of a file, where a link leads, or its absence. */
export function captureFile(path: string): Replaceable & {temporary: string} {
  const place = examineContent(path, largestKept)
  const {found, bytes, target} = place
  const common = {path, ...inodeOf(place), temporary: newName()}
  if (found === undefined) return {was: 'absent', ...common}
  const {mode, uid, gid, seconds} = found
  if (target !== undefined) return {was: 'link', ...common, target, uid, gid}
  return {was: 'file', ...common, base64: bytes!.toString('base64'), seconds, mode, uid, gid}
}

/** Owner and mode of whatever is there, or its absence. */
export function captureExistence(path: string): PathImage {
  const place = examine(path)
  if (place.found === undefined) return {was: 'absent', path, ...inodeOf(place), temporary: newName()}
  const {mode, uid, gid} = place.found
  return {was: 'there', path, ...inodeOf(place), mode, uid, gid}
}

/** In bytes: what Postfix would make again comes back only when it is small. */
const smallCache = 1024 * 1024

/** Something that is going to be moved aside; undefined when it is not there. `anew`: Postfix would make it again. */
export function captureRemoval(path: string, anew = false): Removed | undefined {
  const place = examine(path)
  if (place.found === undefined) return undefined
  const tree = captureTree(path, anew ? smallCache : undefined)
  return {was: 'moved', path, to: `${dirname(path)}/${newName()}`, tree, ...inodeOf(place)}
}

/**
 * Directories, files and links below a path and the path itself: what has to be made again once it is gone. Without files of
 * more than `kept` bytes.
 */
export function captureTree(path: string, kept = Number.POSITIVE_INFINITY): PathImage[] {
  return treeAt(path).flatMap((each): PathImage[] => {
    const {found} = examine(each)
    if (found?.kind === 'directory') {
      return [{was: 'directory', path: each, mode: found.mode, uid: found.uid, gid: found.gid}]
    }
    return found?.kind === 'link' || (found?.kind === 'file' && found.size <= kept) ? [captureFile(each)] : []
  })
}

/** One line of a file of text, as it is. Refuses where a link leads to the file. */
export function captureLine(path: string, line: string): LineImage {
  const {text, ...place} = readSharedFile(path)
  const {mode, uid, gid} = place.found ?? {mode: 0o644, ...ours()}
  const at = placeOfLine(text ?? '', line)
  return {
    was: 'line',
    path,
    line,
    ...(at === undefined ? {} : {at}),
    ...(text === undefined ? {made: true} : {}),
    ...{mode, uid, gid},
    ...inodeOf(place),
    temporary: newName(),
  }
}

/** With the line behind `at` others, or without it; all else in the file, and its owner and mode, are left as they are now. */
export function writeLine({path, line, temporary, ...permissions}: LineImage, at: number | undefined): void {
  const {text = '', found = permissions} = readSharedFile(path)
  const wanted = editLine(text, line, at)
  const {mode, uid, gid} = found
  if (wanted !== text) writeFile(path, Buffer.from(wanted, 'latin1'), {mode, uid, gid}, temporary)
}

/** `text` is undefined where there is no file. */
function readSharedFile(path: string): PathState & {text: string | undefined} {
  const {bytes, target, ...place} = examineContent(path, largestKept)
  if (target !== undefined) throw new Refusal(`${path} is a link: name the file that it leads to`)
  return {...place, text: bytes?.toString('latin1')}
}

/** For a program of which it is not known what it makes, changes and removes there. */
export function captureWhole(path: string): Whole {
  const place = examine(path)
  const all = place.found === undefined ? [] : treeAt(path)
  return {was: 'tree', path, tree: all.flatMap((each) => captureOne(each) ?? []), ...inodeOf(place)}
}

/** Without inodes: directories may have to be made again. Undefined for what has just gone. */
function captureOne(path: string): PathImage | undefined {
  const {found} = examine(path)
  if (found === undefined) return undefined
  const {kind, mode, uid, gid} = found
  if (kind === 'directory') return {was: 'directory', path, mode, uid, gid}
  if (kind === 'other') return {was: 'there', path, mode, uid, gid}
  const {ino: _, inside: __, ...image} = captureFile(path)
  return image
}

function inodeOf({foreign, ino, found}: PathState): Identity {
  if (!foreign) return {}
  return {...(found === undefined ? {} : {ino: found.ino}), ...(ino === undefined ? {} : {inside: ino})}
}

export function isPresent(path: string): boolean {
  return examine(path).found !== undefined
}

/** Brings one path back, whether the step had acted, had not yet, or half. main.cf in use is restored by main-cf.ts. */
export function restore(image: Restorable, temporary = temporaryOf(image)): void {
  switch (image.was) {
    case 'absent':
      removeTree(`${dirname(image.path)}/${temporary}`)
      if (!isPresent(image.path)) break
      checkInside(image)
      removeOurs(image.path)
      break
    case 'file':
    case 'link':
      removeTree(`${dirname(image.path)}/${temporary}`)
      // What is as it was needs no room on a disk that may be full.
      if (isAsItWas(image)) break
      checkInside(image)
      if (image.was === 'link') writeLink(image.path, image.target, image, temporary)
      else writeFile(image.path, Buffer.from(image.base64, 'base64'), image, temporary)
      break
    case 'there':
      bringBackPermissions(image)
      break
    case 'directory':
      if (!isPresent(image.path))
        changeIn(image.path, (directory, name) => makeDirectoryIn(directory, name, 0o700).close())
      if (!hasPermissions(examine(image.path).found, image))
        setPermissions(image.path, {owner: image, mode: image.mode})
      break
    case 'line':
      restoreLine({...image, temporary})
      break
    case 'tree':
      restoreWhole(image)
      break
    case 'moved':
      if (isPresent(image.path)) break
      checkInside(image)
      if (isPresent(image.to)) rename(image.to, lastComponent(image.path), image.ino)
      else remake(image, temporary)
  }
}

/**
 * What has gone since needs none. A directory that is root's by now may have been somebody's in between: a file with
 * several names may be what he has put there.
 */
function bringBackPermissions({path, uid, gid, mode, ino}: Extract<PathImage, {was: 'there'}>): void {
  const {found} = examine(path)
  if (found?.kind === 'file' && found.links > 1) throw systemError('EMANY', path, 'chown')
  // What is as it was can be on a disk that is read-only.
  if (hasPermissions(found, {uid, gid, mode}) && (ino === undefined || found?.ino === ino)) return
  try {
    setPermissions(path, {owner: {uid, gid}, mode}, ino)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

/** Its file goes when the step has made it and nothing else is in it. */
function restoreLine(image: LineImage): void {
  const {path, at, made, temporary} = image
  removeTree(`${dirname(path)}/${temporary}`)
  if (!isPresent(path) && at === undefined) return
  checkInside(image)
  writeLine(image, at)
  if (made && examine(path).found?.size === 0) remove(path)
}

function hasPermissions(found: Found | undefined, {uid, gid, mode}: Permissions): boolean {
  return found !== undefined && found.uid === uid && found.gid === gid && (found.kind === 'link' || found.mode === mode)
}

/** What came goes, also where it is of another kind than what was there; then all that was there is as it was. */
function restoreWhole({path, tree, ...identity}: Whole): void {
  if (!isPresent(path) && tree.length === 0) return
  checkInside({path, ...identity})
  const kinds = new Map(tree.map((each) => [pathOf(each), expectedKind(each)]))
  for (const each of treeAt(path)) {
    const {found} = examine(each)
    if (found !== undefined && kinds.get(each) !== found.kind) removeTree(each)
  }
  for (const each of tree) if (each.was !== 'main.cf') restore(each)
  const lost = tree.find((each) => each.was === 'there' && !isPresent(each.path))
  if (lost !== undefined) throw new Refusal(`${pathOf(lost)} was a device, a FIFO or a socket, and is gone`)
}

function expectedKind({was}: PathImage): Found['kind'] {
  return was === 'directory' || was === 'file' || was === 'link' ? was : 'other'
}

/** As it was made by traceFile(), but for where and by which name it would be put in place. */
function isAsItWas({temporary: _, ...was}: Extract<Replaceable, {was: 'file' | 'link'}>): boolean {
  const {temporary: __, ...is} = captureFile(was.path)
  const {ino, inside, ...same} = is
  const {ino: wasIno = ino, inside: wasInside = inside, ...before} = was
  return isDeepStrictEqual([same, ino, inside], [before, wasIno, wasInside])
}

/** The owner of a directory may have put another one in its place. */
function checkInside({path, inside}: {path: string} & Identity): void {
  const place = examine(path)
  if (inside === undefined || !place.foreign || place.ino === inside) return
  throw systemError('ECHANGED', dirname(path))
}

/**
 * What was removed for good is made again, as root's and closed to all others, beside its place. It gets its owners when
 * it is whole, the top directory last.
 */
function remake({path, tree}: Removed, temporary: string): void {
  const [top, ...below] = tree
  const staged = `${dirname(path)}/${temporary}`
  removeTree(staged)
  if (top?.was === 'file') writeFile(path, Buffer.from(top.base64, 'base64'), top, temporary)
  if (top?.was === 'link') writeLink(path, top.target, top, temporary)
  if (top?.was !== 'directory') return
  changeIn(staged, (directory, name) => {
    const made = makeDirectoryIn(directory, name, 0o700)
    try {
      for (const each of below) fillIn(made, each, each.was === 'main.cf' ? '' : each.path.slice(path.length + 1))
      const ino = String(made.stats().ino)
      for (const each of below.toReversed()) {
        if (each.was === 'directory')
          setPermissions(`${staged}/${each.path.slice(path.length + 1)}`, {owner: each, mode: each.mode})
      }
      setPermissions(staged, {owner: top, mode: top.mode}, ino)
      rename(staged, lastComponent(path), ino)
    } finally {
      made.close()
    }
  })
}

/** `relative` is where in a directory that is root's and closed. */
function fillIn(directory: Directory, each: PathImage, relative: string): void {
  const cut = relative.indexOf('/')
  if (cut >= 0) {
    const next = directory.enter(relative.slice(0, cut))
    try {
      fillIn(next, each, relative.slice(cut + 1))
    } finally {
      next.close()
    }
  } else if (each.was === 'directory') makeDirectoryIn(directory, relative, 0o700).close()
  else if (each.was === 'link') writeLinkIn(directory, relative, each.target, each, relative)
  else if (each.was === 'file') {
    writeNew(directory, relative, Buffer.from(each.base64, 'base64'), {...each, mode: each.mode & 0o1777})
  }
}

/** Removes what was moved aside, when there is no way back any more. */
export function forget(image: BeforeImage): void {
  if (image.was === 'moved') removeTree(image.to)
}

/** What takes a program back. The directory in which it ran may have been made by the same change, and be gone. */
export function undoOf({undo, directory, changes = []}: Extract<BeforeImage, {was: 'program'}>): Program {
  return isDirectory(directory)
    ? {words: undo, directory, changes}
    : {words: undo, directory: '/', changes: [...changes, directory]}
}

function temporaryOf(image: Restorable): string {
  const given = 'temporary' in image ? image.temporary : undefined
  return given ?? `.postmulti-new-${lastComponent(image.path)}`
}

function lastComponent(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** A directory goes only when it is empty: what others put there meanwhile is not ours. */
function removeOurs(path: string): void {
  try {
    remove(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY') throw error
  }
}
