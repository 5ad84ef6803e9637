/** What planners must know of the host. Reads, never changes. */

import {basename, dirname} from 'node:path'
import {
  isDirectory,
  isFile,
  isThere,
  namesBelow,
  quietly,
  readEntries,
  readText,
  realPath,
  statThrough,
} from '../../files/read.ts'
import {Refusal} from '../../model/base/errors.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'
import {splitWords} from '../../model/base/text.ts'
import type {Permissions} from '../../model/change/before-image.ts'
import {isIn} from '../../model/change/directories.ts'
import type {EditFacts, Host, NewInstanceFacts, RemovalFacts, SourceInstance} from '../../model/change/facts.ts'
import type {CreateOptions} from '../../model/change/request.ts'
import type {SharedDirectories} from '../../model/instance/claims.ts'
import {type Instance, isDamaged, type Listed} from '../../model/instance/instance.ts'
import {sharedParameters} from '../../model/main-cf/shared-parameters.ts'
import {findCopies} from '../permissions/jail.ts'
import {readInstanceList} from '../reader/list.ts'
import type {Primary} from '../reader/primary.ts'
import {readSecondary} from '../reader/secondary.ts'
import {surveyRemoval} from '../removal/leftovers.ts'
import {countMessages} from '../state/queues.ts'
import {holdStopped} from '../state/running.ts'

/** `passOn` gets what postconf prints on stderr where it had to be asked. */
export function readHost(primary: Primary, passOn: (text: string) => void): Host {
  return {
    list: readInstanceList(primary, passOn),
    shared: sharedDirectories(primary),
    meta_directory: primary.parameter('meta_directory'),
    multi_instance_wrapper: primary.printed('multi_instance_wrapper'),
    multi_instance_enable: primary.printed('multi_instance_enable'),
    alternate_config_directories: splitWords(primary.setting('alternate_config_directories') ?? ''),
    readInstance: (config_directory) => readSecondary(config_directory, primary, passOn),
    canonical: canonicalPath,
    alike,
  }
}

export function sharedDirectories(primary: Primary): SharedDirectories {
  return {
    command_directory: primary.parameter('command_directory'),
    daemon_directory: primary.parameter('daemon_directory'),
    shlib_directory: primary.parameter('shlib_directory'),
  }
}

/**
 * Refuses when a directory that all instances share is missing. meta_directory is looked at, but no instance claims it.
 * Source: check_shared_dir_status() in postmulti.c.
 */
export function checkSharedDirectories(primary: Primary): void {
  for (const name of ['command_directory', 'daemon_directory', 'meta_directory', 'shlib_directory']) {
    const path = primary.parameter(name)
    if (!path.startsWith('/')) continue
    try {
      if (statThrough(path).isDirectory()) continue
    } catch (error) {
      throw new Refusal(`${name} = '${path}': directory not found: ${explainError(error)}`)
    }
    throw new Refusal(`${name} = '${path}' is not a directory`)
  }
}

/** `birth` and `source`: what the new instance shall be created with, and the instance that it shall be like. */
export function readNewInstanceFacts(
  newInstance: Instance,
  primary: Primary,
  birth?: CreateOptions,
  source?: Instance,
): NewInstanceFacts {
  const {config_directory, queue_directory, data_directory} = newInstance
  const like = source === undefined ? undefined : readSource(source)
  const meta_directory = primary.parameter('meta_directory')
  const set = sharedParameters.map((name) => [name, primary.setting(name) ?? ''] as const)
  const masterCfPrototype = readLatin1(`${meta_directory}/master.cf.proto`)
  const mainCfPrototype = readLatin1(`${meta_directory}/main.cf.proto`)
  return {
    hasMainCf: isFile(`${config_directory}/main.cf`),
    hasMasterCf: isFile(`${config_directory}/master.cf`),
    existing: new Set([
      ...[config_directory, queue_directory, data_directory].filter(isDirectory),
      ...(like?.files.map((each) => `${config_directory}/${each}`).filter((each) => isFile(each)) ?? []),
    ]),
    ...(mainCfPrototype === undefined ? {} : {mainCfPrototype}),
    hasMasterCfPrototype: masterCfPrototype !== undefined,
    ...(birth === undefined || masterCfPrototype === undefined ? {} : {masterCfPrototype}),
    ...(birth === undefined || birth.services.length === 0
      ? {}
      : {daemons: readEntries(primary.parameter('daemon_directory')).map(({name}) => name)}),
    ...(like === undefined ? {} : {source: like}),
    ...findCopies(primary.parameter('daemon_directory')),
    sharedSettings: Object.fromEntries(set.filter(([, value]) => value !== '')),
  }
}

/** `gone`: what others remove besides. */
export function readRemovalFacts(
  target: Listed,
  action: 'destroy' | 'deport',
  primary: Primary,
  gone: readonly string[] = [],
): RemovalFacts {
  const hasMainCf = isFile(`${target.config_directory}/main.cf`)
  if (isDamaged(target)) return {hasMainCf, running: false, messages: {}, removable: [], foreign: [], differing: []}
  const facts = {hasMainCf, running: isRunning(target)}
  if (action === 'deport') return {...facts, messages: {}, removable: [], foreign: [], differing: []}
  const holds = new Map<string, string[]>()
  const inventory = [target.config_directory, target.queue_directory, target.data_directory]
  for (const each of inventory) holds.set(each, namesBelow(each))
  const {remove, keep, differing} = surveyRemoval(target, primary.parameter('meta_directory'), gone)
  return {
    ...facts,
    messages: countMessages(target.queue_directory),
    removable: remove.map((path) => ({
      path,
      holds: holdsOf(path, holds),
      ...(isCache(path, target) ? {anew: true} : {}),
    })),
    foreign: keep,
    differing,
  }
}

export function isRunning({queue_directory}: Instance): boolean {
  const hold = holdStopped(queue_directory)
  hold.release()
  return !hold.stopped
}

/** About a configuration file that has been edited. Refuses when it is gone. */
export function readFileFacts(path: string): Omit<EditFacts, 'becomes'> {
  try {
    const {mode, uid, gid} = statThrough(path)
    return {now: readText(path, 'latin1'), mode: mode & 0o7777, owner: {uid, gid}}
  } catch (error) {
    throw new Refusal(`open ${path}: ${explainError(error)}`)
  }
}

function readSource(instance: Instance): SourceInstance {
  const {config_directory} = instance
  const names = readEntries(config_directory).map(({name}) => name)
  const files = names.filter((each) => isFile(`${config_directory}/${each}`) && !notCopied.test(each)).sort()
  return {
    instance,
    mainCf: readText(`${config_directory}/main.cf`, 'latin1'),
    masterCf: readText(`${config_directory}/master.cf`, 'latin1'),
    files,
    permissions: {'main.cf': permissionsOf('main.cf'), 'master.cf': permissionsOf('master.cf')},
  }

  function permissionsOf(file: string): Permissions {
    const {mode, uid, gid} = statThrough(`${config_directory}/${file}`)
    return {mode: mode & 0o777, uid, gid}
  }
}

/** What an instance gets in another way, and what lies in the primary's directory because it is meta_directory, too. */
const notCopied =
  /^(?:main\.cf|master\.cf|.*\.proto|postfix-files|postfix-script|postfix-tls-script|postfix-wrapper|postmulti-script|post-install|dynamicmaps\.cf|makedefs\.out|(?:TLS_)?LICENSE|\..*|.*~|.*\.tmp)$/

/** In data_directory there are but caches and locks. */
function isCache(path: string, {config_directory, queue_directory, data_directory}: Instance): boolean {
  return isIn(path, data_directory) && !isIn(config_directory, data_directory) && !isIn(queue_directory, data_directory)
}

/** What was below a path when its top directory was listed. */
function holdsOf(path: string, inventory: ReadonlyMap<string, string[]>): string[] {
  const whole = inventory.get(path)
  if (whole !== undefined) return whole
  for (const [top, paths] of inventory) {
    if (!path.startsWith(`${top}/`)) continue
    const prefix = `${path.slice(top.length + 1)}/`
    return paths.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length))
  }
  return []
}

export function canonicalPath(path: string): string {
  try {
    return realPath(path)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    const parent = dirname(path)
    return parent === path ? path : `${canonicalPath(parent).replace(/\/$/, '')}/${basename(path)}`
  }
}

/** What stands between brackets is any character here: rather one path too many. Source: glob(7). */
export function alike(path: string): string | undefined {
  if (!/[*?[]/.test(path)) return undefined
  const matching = path
    .split('/')
    .slice(1)
    .reduce((found, part) => found.flatMap((directory) => matchesIn(directory, part)), [''])
  return matching.find((each) => each !== path)
}

function matchesIn(directory: string, pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return isThere(`${directory}/${pattern}`) ? [`${directory}/${pattern}`] : []
  const source = pattern.replace(/\*|\?|\[[^\]]+\]|[^\w]/g, (each) => {
    // A list of letters is one of regular expressions, too; of any other what it may be is not looked at.
    if (each.length > 1) return /^\[\w+\]$/.test(each) ? each : '.'
    return each === '*' ? '.*' : each === '?' ? '.' : `\\${each}`
  })
  const wanted = new RegExp(`^${pattern.startsWith('.') ? '' : '(?!\\.)'}${source}$`, 's')
  const entries = quietly(() => readEntries(directory || '/')) ?? []
  return entries.flatMap(({name}) => (wanted.test(name) ? [`${directory}/${name}`] : []))
}

function readLatin1(path: string): string | undefined {
  return isFile(path) ? readText(path, 'latin1') : undefined
}
