/**
 * Bringing back a main.cf that is in use. Others may edit it too: an administrator, a package, another tool.
 * Their lock is the one of postconf(1): an flock(2) on main.cf.tmp, which becomes main.cf by a rename.
 * Source: edit_file_open() in Postfix's util library.
 */
import {changeIn, examine, fillFile, openLock, removeIn, renameIn, setTime} from '../files/act.ts'
import type {Directory} from '../files/directory.ts'
import {readText, realPath} from '../files/read.ts'
import {allToLatin1} from '../model/base/text.ts'
import type {BeforeImage, Permissions} from '../model/change/before-image.ts'
import {type Edit, editMainCf, linesOfEntries} from '../model/main-cf/editor.ts'
import {captureFile, isPresent} from './before-images.ts'
import {tryFlock, waitForFlock} from './lock.ts'

type MainCfImage = Extract<BeforeImage, {was: 'main.cf'}>

/** What an edit is about to change. */
export function captureMainCf(config_directory: string, set: Record<string, string>, unset: string[]): BeforeImage[] {
  // What a link leads to: postconf(1) puts a file in its place, and that is what may have to be restored.
  const path = `${config_directory}/main.cf`
  const image = isPresent(path) ? captureFile(realPath(path)) : undefined
  if (image?.was !== 'file') return []
  const {base64, seconds, mode, uid, gid} = image
  return [{was: 'main.cf', config_directory, base64, seconds, mode, uid, gid, set, unset}]
}

/**
 * The old bytes, owner, mode and time, where our edit is all that happened to the file. Where somebody has edited it
 * since, theirs stays and only our parameters get their old values.
 */
export function restoreMainCf({config_directory, base64, set, unset, ...was}: MainCfImage): void {
  const path = `${config_directory}/main.cf`
  const before = Buffer.from(base64, 'base64').toString('latin1')
  const isAsBefore = (now: string): boolean => now === before && examine(realPath(path)).found?.seconds === was.seconds
  // Somebody has removed the instance since, or our edit never began: on a read-only disk it could not.
  if (!isPresent(path) || (!isPresent(`${path}.tmp`) && isAsBefore(readMainCf(path)))) return
  withLock(path, (temporary, directory) => {
    const now = readMainCf(path)
    if (isAsBefore(now)) return removeIn(directory, temporaryName)
    const edit = {set, remove: unset}
    const onlyOurs = sortedLines(editMainCf(now, edit)) === sortedLines(editMainCf(before, edit))
    const text = onlyOurs ? before : withEntriesOf(now, before, [...Object.keys(set), ...unset])
    install(temporary, directory, Buffer.from(text, 'latin1'), was, onlyOurs ? was.seconds : undefined)
  })
}

/**
 * True where postconf(1) cannot do it: older ones glue a new setting to a last line that is not ended, and it finds
 * everything by name, also in a directory that is not root's alone.
 */
export function needsOwnEditor(config_directory: string): boolean {
  const path = `${config_directory}/main.cf`
  return examine(path).foreign || !readMainCf(path).endsWith('\n')
}

/** As `postconf -e` and `postconf -X` in one. Names and values are text, not latin1. */
export function editInPlace(config_directory: string, {set = {}, ...edit}: Edit): void {
  const path = `${config_directory}/main.cf`
  withLock(path, (temporary, directory) => {
    const text = editMainCf(readMainCf(path), {...edit, set: allToLatin1(set)})
    install(temporary, directory, Buffer.from(text, 'latin1'), {mode: 0o644})
  })
}

/** A new text for a main.cf that is in use. */
export function replaceMainCf(path: string, bytes: Buffer, permissions: Permissions): void {
  withLock(path, (temporary, directory) => install(temporary, directory, bytes, permissions))
}

/**
 * The time of a main.cf that is put in place by a rename. Each of Postfix's programs waits up to two seconds for one
 * that is younger than that, because it could be half-written; this one is whole. Source: dict_load_file_xt().
 */
export function coolTime(): number {
  return Date.now() / 1000 - 3
}

/** The same for one that postconf(1) has put in place just now. */
export function coolDown(config_directory: string): void {
  setTime(`${config_directory}/main.cf`, coolTime())
}

const temporaryName = 'main.cf.tmp'

function readMainCf(path: string): string {
  return readText(path, 'latin1')
}

/** Puts a new text in place by a rename. Without an owner it stays who we are; without a time there is no wait. */
function install(
  temporary: number,
  directory: Directory,
  bytes: Buffer,
  permissions: Pick<Permissions, 'mode'> & Partial<Permissions>,
  seconds = coolTime(),
): void {
  fillFile(temporary, bytes, {...permissions, seconds})
  renameIn(directory, temporaryName, 'main.cf')
}

/** The entries of these names as `before` has them, all else as `now` has it. */
function withEntriesOf(now: string, before: string, names: string[]): string {
  const without = editMainCf(now, {remove: names})
  const entries = names.map((name) => linesOfEntries(before, name)).join('')
  return entries === '' || without === '' || without.endsWith('\n') ? without + entries : `${without}\n${entries}`
}

/** postconf appends several parameters in an order of its own. */
function sortedLines(text: string): string {
  return text.split('\n').sort().join('\n')
}

/** As postconf does: the descriptor counts only while the name still leads to it. */
function withLock(path: string, act: (temporary: number, directory: Directory) => void): void {
  changeIn(path, (directory) => {
    for (;;) {
      const temporary = openLock(directory, temporaryName)
      try {
        waitForFlock(temporary.descriptor, directory.pathOf(temporaryName))
        if (temporary.isStill()) return act(temporary.descriptor, directory)
      } catch (error) {
        if (tryFlock(temporary.descriptor) && temporary.isStill()) removeIn(directory, temporaryName)
        throw error
      } finally {
        temporary.close()
      }
    }
  })
}
