/**
 * Bringing back a main.cf that is in use. Others may edit it too: an administrator, a package, another tool.
 * Their lock is the one of postconf(1): an flock(2) on main.cf.tmp, which becomes main.cf by a rename.
 * Source: edit_file_open() in Postfix's util library.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {type Edit, editMainCf, entriesOf} from '../model/editor.ts'
import {errorCode} from '../model/system-error.ts'
import {allToLatin1} from '../model/text.ts'
import type {Permissions} from '../model/trace.ts'
import {waitForFlock} from './lock.ts'
import {isThere, type Trace, traceFile} from './traces.ts'

type MainCfTrace = Extract<Trace, {was: 'main.cf'}>

/** What an edit is about to change. */
export function traceMainCf(config_directory: string, set: Record<string, string>, unset: string[]): Trace[] {
  // What a link leads to: postconf(1) puts a file in its place, and that is what may have to be restored.
  const path = `${config_directory}/main.cf`
  const trace = isThere(path) ? traceFile(realpathSync(path)) : undefined
  return trace?.was === 'file' ? [{...trace, was: 'main.cf', config_directory, set, unset}] : []
}

/**
 * The old bytes, owner, mode and time, where our edit is all that happened to the file. Where somebody has edited it
 * since, theirs stays and only our parameters get their old values.
 */
export function restoreMainCf({config_directory, base64, set, unset, ...was}: MainCfTrace): void {
  const path = `${config_directory}/main.cf`
  const before = Buffer.from(base64, 'base64').toString('latin1')
  const isAsBefore = (now: string): boolean => now === before && statSync(path).mtimeMs / 1000 === was.seconds
  // Somebody has removed the instance since, or our edit never began: on a read-only disk it could not.
  if (!isThere(path) || (!isThere(`${path}.tmp`) && isAsBefore(readFileSync(path, 'latin1')))) return
  const temporary = lockTemporary(`${path}.tmp`)
  const now = readFileSync(path, 'latin1')
  if (isAsBefore(now)) unlinkSync(`${path}.tmp`)
  else {
    const edit = {set, remove: unset}
    const onlyOurs = sortedLines(editMainCf(now, edit)) === sortedLines(editMainCf(before, edit))
    const text = onlyOurs ? before : takeBack(now, before, [...Object.keys(set), ...unset])
    install(temporary, path, Buffer.from(text, 'latin1'), was, onlyOurs ? was.seconds : undefined)
  }
  closeSync(temporary)
}

/** True when the last line of main.cf is not ended. */
export function lacksNewline(config_directory: string): boolean {
  return !readFileSync(`${config_directory}/main.cf`, 'latin1').endsWith('\n')
}

/** As `postconf -e` and `postconf -X` in one. Names and values are text, not latin1. */
export function editInPlace(config_directory: string, {set = {}, ...edit}: Edit): void {
  const path = `${config_directory}/main.cf`
  const temporary = lockTemporary(`${path}.tmp`)
  const text = editMainCf(readFileSync(path, 'latin1'), {...edit, set: allToLatin1(set)})
  install(temporary, path, Buffer.from(text, 'latin1'), {mode: 0o644})
  closeSync(temporary)
}

/** A new text for a main.cf that is in use. */
export function replaceMainCf(path: string, bytes: Buffer, permissions: Permissions): void {
  const temporary = lockTemporary(`${path}.tmp`)
  install(temporary, path, bytes, permissions)
  closeSync(temporary)
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
  utimesSync(`${config_directory}/main.cf`, coolTime(), coolTime())
}

/** Puts a new text in place by a rename. Without an owner it stays who we are; without a time nobody has to wait. */
function install(
  temporary: number,
  path: string,
  bytes: Buffer,
  {mode, uid, gid}: Pick<Permissions, 'mode'> & Partial<Permissions>,
  seconds = coolTime(),
): void {
  ftruncateSync(temporary, 0)
  // Not writeSync: on a disk that gets full it writes half of it and says nothing.
  writeFileSync(temporary, bytes)
  if (uid !== undefined && gid !== undefined) fchownSync(temporary, uid, gid)
  fchmodSync(temporary, mode)
  futimesSync(temporary, seconds, seconds)
  fsyncSync(temporary)
  renameSync(`${path}.tmp`, path)
}

/** The entries of these names as `before` has them, all else as `now` has it. */
function takeBack(now: string, before: string, names: string[]): string {
  const without = editMainCf(now, {remove: names})
  const entries = names.map((name) => entriesOf(before, name)).join('')
  return entries === '' || without === '' || without.endsWith('\n') ? without + entries : `${without}\n${entries}`
}

/** postconf appends several parameters in an order of its own. */
function sortedLines(text: string): string {
  return text.split('\n').sort().join('\n')
}

/** As postconf does: the descriptor counts only while the name still leads to it. */
function lockTemporary(path: string): number {
  for (;;) {
    const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
    waitForFlock(descriptor)
    try {
      if (statSync(path).ino === fstatSync(descriptor).ino) return descriptor
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error
    }
    closeSync(descriptor)
  }
}
