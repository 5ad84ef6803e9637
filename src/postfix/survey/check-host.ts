/** Facts of the host besides the instances' configuration. Source: proc(5) for sockets, processes and limits. */
import {totalmem} from 'node:os'
import {freeSpaceAt, lookThrough, processIds, readEntries, readTarget, readText} from '../../files/read.ts'
import {onceAsked} from '../../model/base/once.ts'
import {own} from '../../model/base/own.ts'
import {systemPath} from '../../model/base/places.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'
import type {Instance, Listed} from '../../model/instance/instance.ts'
import {nearest} from '../../model/instance/nearest.ts'
import type {CheckHost, FoundFile} from '../../model/survey/check-input.ts'
import {builtInParameters} from '../parameters/known-parameters.ts'
import {listenerHost} from '../parameters/listeners.ts'
import {findId} from '../programs/account-ids.ts'
import {findRunner} from '../programs/runner.ts'
import {builtInDefaults} from '../reader/defaults.ts'
import type {Primary} from '../reader/primary.ts'
import {isHostName} from '../reader/run-time.ts'
import {readTableTypes} from '../reader/table-types.ts'
import {readSockets} from '../state/open-ports.ts'
import {readOwnAddresses} from '../state/own-addresses.ts'
import {readMasters} from '../state/processes.ts'
import {readStates} from '../state/state.ts'
import {readUnitFiles, unitOfProcess, usesUnits} from '../systemd/units.ts'
import {canonicalPath} from './new-instance-facts.ts'

/** Everything is read when it is asked for, and once. */
export function readCheckHost(primary: Primary, list: readonly Listed[]): CheckHost {
  const addresses = onceAsked(readOwnAddresses)
  return {
    look: once(findFile),
    canonical: once(canonicalPath),
    text: once(readUnlessUnseen),
    runner: findRunner,
    userId: once((name) => findId('passwd', name)),
    groupId: once((name) => findId('group', name)),
    nearestParameters: (name) => nearest(name, builtInParameters(primary)),
    defaultOf: (name) => own(primary.defaults.parameters, name),
    tableTypes: onceAsked(() => readTableTypes(primary)),
    hasAddress: (address) => addresses().has(address),
    canBind: (address) => addresses().canBind(address),
    addressesOf: once(nameResolver(primary)),
    sockets: onceAsked(readSockets),
    holderOf: ({inode}) => findSocketHolder(inode),
    entries: once((path) => orUnseen(() => readEntries(path).map(({name}) => name))),
    masters: onceAsked(findMasters),
    masterOf: (instance: Instance) => {
      const state = readStates([instance]).get(instance.config_directory)
      return state === 'unknown' ? undefined : (state ?? null)
    },
    units: onceAsked(() => (usesUnits(undefined) ? readUnitFiles(list) : undefined)),
    unitOf: unitOfProcess,
    successorOf,
    descriptorsOf,
    freeSpace: once((directory) => orUnseen(() => freeSpaceAt(directory)) ?? undefined),
    memory: totalmem(),
  }
}

function once<Result>(read: (key: string) => Result): (key: string) => Result {
  const known = new Map<string, {result: Result}>()
  return (key) => {
    const found = known.get(key) ?? {result: read(key)}
    known.set(key, found)
    return found.result
  }
}

function findFile(path: string): FoundFile | null | undefined {
  return orUnseen(() => {
    const stats = lookThrough(path)
    if (stats === undefined) return null
    const {dev, ino, uid, gid, mode, mtimeMs} = stats
    const kind = (mode & 0o170000) === 0o040000 ? 'directory' : (mode & 0o170000) === 0o100000 ? 'file' : 'other'
    return {kind, uid, gid, mode: mode & 0o7777, modified: mtimeMs, identity: `${dev} ${ino}`}
  })
}

function readUnlessUnseen(path: string): string | null | undefined {
  return orUnseen(() => readText(path, 'latin1'))
}

function orUnseen<Result>(read: () => Result): Result | null | undefined {
  try {
    return read()
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : undefined
  }
}

/** As Postfix asks, but for the waiting: where a server of names does not answer, no other name is asked for. */
function nameResolver(primary: Primary): CheckHost['addressesOf'] {
  let isSilent = false
  return (name) => {
    const written = listenerHost(primary).addressesOf(name.toLowerCase())
    if (written.length > 0) return written
    const [, sources] = /^\s*hosts:(.*)$/m.exec(readUnlessUnseen('/etc/nsswitch.conf') ?? '') ?? []
    if (!isHostName(name) || /^\s*files\s*$/.test(sources ?? '')) return null
    if (isSilent) return undefined
    const {spawnSync} = process.getBuiltinModule('node:child_process')
    const options = {encoding: 'latin1', timeout: 1000, env: {PATH: systemPath}} as const
    const {status, stdout, error} = spawnSync('getent', ['ahosts', name], options)
    isSilent = error !== undefined
    if (status === 2) return null
    return status === 0 ? [...new Set(stdout.split('\n').flatMap((line) => line.split(' ')[0] || []))] : undefined
  }
}

/** Those of a container see other files under the same names. */
function findMasters(): {pid: number; config_directory: string}[] {
  const ours = linkAt('/proc/self/ns/mnt')
  return [...readMasters()].flatMap(([pid, config_directory]) =>
    ours !== '' && linkAt(`/proc/${pid}/ns/mnt`) === ours ? [{pid, config_directory}] : [],
  )
}

/** Undefined when no process shows it, and there are some that show nothing. */
function findSocketHolder(inode: string): {pid: number; name: string} | null | undefined {
  let isAllSeen = true
  for (const pid of processIds()) {
    try {
      const descriptors = readEntries(`/proc/${pid}/fd`)
      if (descriptors.some(({name}) => linkAt(`/proc/${pid}/fd/${name}`) === `socket:[${inode}]`)) {
        return {pid, name: readText(`/proc/${pid}/comm`).trim()}
      }
    } catch (error) {
      if (errorCode(error) === 'EACCES') isAllSeen = false
      else explainError(error)
    }
  }
  return isAllSeen ? null : undefined
}

/** A descriptor may be closed while we look. */
function linkAt(path: string): string {
  return orUnseen(() => readTarget(path)) ?? ''
}

/** Source: postconf(1), 'support for parameter "A" will be removed; instead, specify "B"'. */
function successorOf(parameter: string): string | null | undefined {
  const warning = own(builtInDefaults().warnings.deprecated, parameter)
  return warning === undefined ? undefined : (/; instead, (?:specify )?"?(\w+)"?$/.exec(warning)?.[1] ?? null)
}

function descriptorsOf(pid: number): {open: number; limit: number} | undefined {
  const limit = /^Max open files +(\d+)/m.exec(readUnlessUnseen(`/proc/${pid}/limits`) ?? '')?.[1]
  const open = orUnseen(() => readEntries(`/proc/${pid}/fd`).length)
  return limit === undefined || open == null ? undefined : {open, limit: Number(limit)}
}
