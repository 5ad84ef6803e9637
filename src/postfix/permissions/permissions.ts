/**
 * What `postfix -c DIR set-permissions` does for a secondary instance, without its eighty processes. Where the real
 * command could do anything else, the answer is `unsure`: then it has to run, also for the sake of its messages.
 * Source: post-install `create-missing set-permissions`; chown(1), chgrp(1) and chmod(1) of GNU.
 */

import {dirname} from 'node:path'
import {examine, type Found, makeDirectory, setPermissions} from '../../files/act.ts'
import {effectiveIds} from '../../files/caller.ts'
import {systemError} from '../../files/directory.ts'
import {readEntries, realPath} from '../../files/read.ts'
import {errorCode} from '../../model/base/system-error.ts'
import type {Directories} from '../../model/change/plan.ts'
import {findId} from '../programs/account-ids.ts'
import {type JailChange, planJail, readJail} from './jail.ts'
import {type PermissionRule, readPermissionRules} from './permission-rules.ts'
import {checkPermissionSettings, fillsJail, type PermissionTools} from './permission-settings.ts'
import {Unsure} from './unsure.ts'

/** One path that is not yet as it should be. A symbolic link is changed itself. */
export interface PermissionChange {
  path: string
  /** Mode for mkdir(2), where the directory is missing. */
  make?: number
  /** -1 keeps what is there. */
  owner?: {uid: number; gid: number}
  mode?: number
  /** The inode that was looked at. */
  ino?: string | undefined
}

interface Planned {
  changes: PermissionChange[]
  /** What Debian's script does after them. */
  jail: JailChange[]
}

/** Changes in the order in which they have to be made. Reads the host, changes nothing. */
export function planPermissions(instance: Directories, tools: PermissionTools): Planned | {unsure: string} {
  try {
    const effective = checkPermissionSettings(instance, tools)
    const daemon_directory = effective('daemon_directory') ?? ''
    const fills = fillsJail(daemon_directory)
    const plan = new PermissionPlan()
    for (const rule of readPermissionRules(tools.meta_directory, instance)) plan.follow(rule, accountsOf(rule, tools))
    return {changes: plan.changes, jail: fills ? planJail(readJail(instance, effective, daemon_directory)) : []}
  } catch (error) {
    if (error instanceof Unsure) return {unsure: error.message}
    throw error
  }
}

/** A queue file that has gone since the plan was made is skipped. */
export function applyChange({path, make, owner, mode, ino}: PermissionChange): void {
  const made = make === undefined ? undefined : makeDirectory(path, make)
  try {
    setPermissions(path, {...(owner === undefined ? {} : {owner}), ...(mode === undefined ? {} : {mode})}, made ?? ino)
  } catch (error) {
    if (mode !== undefined || errorCode(error) !== 'ENOENT') throw error
  }
}

interface Ownership {
  uid: number
  /** -1 keeps what is there. */
  gid: number
}

function accountsOf({owner, group}: PermissionRule, tools: PermissionTools): Ownership {
  const user = owner === '$mail_owner' ? tools.mail_owner : owner
  const uid = user === 'root' ? 0 : findId('passwd', user)
  if (uid === undefined) throw new Unsure(`no user ${user}`)
  if (group === '') return {uid, gid: -1}
  const name = group === '$setgid_group' ? tools.setgid_group : group
  const gid = findId('group', name)
  if (gid === undefined) throw new Unsure(`no group ${name}`)
  return {uid, gid}
}

type PathPermissions = Pick<Found, 'kind' | 'uid' | 'gid' | 'mode'> & {ino?: string}

const specialBits = 0o6000

/** The tree as it will be: a later rule may concern what an earlier one has changed. */
class PermissionPlan {
  readonly changes: PermissionChange[] = []
  private readonly changed = new Map<string, PathPermissions>()

  follow(rule: PermissionRule, ownership: Ownership): void {
    const found = this.look(rule.path)
    // With -R, chown changes a link at the top and goes no further, and so does find; without, all follow it.
    const path = found?.kind === 'link' && !rule.recursive ? leadsTo(rule.path) : rule.path
    const state = path === undefined ? undefined : this.look(path)
    if (path === undefined || state === undefined) {
      if (rule.optional) return
      if (!rule.create || rule.type !== 'directory' || found !== undefined) throw new Unsure(`${rule.path} is missing`)
      this.make(rule, ownership)
      return
    }
    if (state.kind !== rule.type && state.kind !== 'link') throw new Unsure(`${path} is not a ${rule.type}`)
    if (state.kind === 'link' && leadsTo(path) === undefined) throw new Unsure(`${path} leads nowhere`)
    this.set(path, state, ownership, rule.mode)
    if (rule.recursive && state.kind === 'directory' && !this.isNew(path)) this.setBelow(path, ownership, rule.mode)
  }

  private make({path, mode}: PermissionRule, {uid, gid}: Ownership): void {
    const parent = this.look(leadsTo(dirname(path)) ?? dirname(path))
    if (parent?.kind !== 'directory') throw new Unsure(`${dirname(path)} is missing`)
    const inherits = (parent.mode & 0o2000) !== 0
    const made: PathPermissions = {
      kind: 'directory',
      uid: effectiveIds().uid,
      gid: inherits ? parent.gid : effectiveIds().gid,
      mode: inherits ? 0o2755 : 0o755,
    }
    const wanted = wantedState(made, {uid, gid}, mode)
    this.changed.set(path, wanted)
    this.changes.push({path, make: 0o755, owner: {uid, gid}, mode: wanted.mode})
  }

  /** Files keep their mode: that of a queue file tells whether it is complete. */
  private setBelow(directory: string, ownership: Ownership, mode: number): void {
    for (const {name} of readEntries(directory)) {
      const path = `${directory}/${name}`
      const state = this.look(path)
      if (state === undefined) continue
      this.set(path, state, ownership, state.kind === 'directory' ? mode : undefined)
      if (state.kind === 'directory') this.setBelow(path, ownership, mode)
    }
  }

  private set(path: string, state: PathPermissions, ownership: Ownership, mode: number | undefined): void {
    const wanted = wantedState(state, ownership, mode)
    const change: PermissionChange = {path, ino: state.ino}
    // chown(2) takes these bits from a file even when the owner is the same.
    const loses = state.kind !== 'directory' && state.kind !== 'link' && (state.mode & specialBits) !== 0
    if (wanted.uid !== state.uid || wanted.gid !== state.gid || loses) change.owner = ownership
    if (mode !== undefined && (wanted.mode !== state.mode || loses)) change.mode = wanted.mode
    if (change.owner === undefined && change.mode === undefined) return
    this.changed.set(path, wanted)
    this.changes.push(change)
  }

  private isNew(path: string): boolean {
    return this.changes.some((each) => each.path === path && each.make !== undefined)
  }

  private look(path: string): PathPermissions | undefined {
    const known = this.changed.get(path)
    if (known !== undefined) return known
    const {found, foreign} = examine(path)
    // Its directory may be root's alone by the time that it is changed: what others have put there is not.
    if (foreign && found?.kind === 'file' && found.links > 1) throw systemError('EMANY', path, 'chown')
    return found
  }
}

/** A numeric mode of up to four digits leaves setuid and setgid on a directory, but not the sticky bit. */
function wantedState(state: PathPermissions, {uid, gid}: Ownership, mode: number | undefined): PathPermissions {
  const owned = {...state, uid, gid: gid === -1 ? state.gid : gid}
  if (state.kind === 'link') return owned
  if (state.kind === 'directory')
    return mode === undefined ? owned : {...owned, mode: mode | (state.mode & specialBits)}
  return {...owned, mode: mode ?? state.mode & ~specialBits}
}

/** Where root's links lead to; undefined when that is nowhere. */
function leadsTo(path: string): string | undefined {
  const real = realPath(path)
  return examine(real).found === undefined ? undefined : real
}
