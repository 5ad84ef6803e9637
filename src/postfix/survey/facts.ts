import {isFile, namesBelow, readText, statThrough, tryText} from '../../files/read.ts'
import {Refusal} from '../../model/base/errors.ts'
import {explainError} from '../../model/base/system-error.ts'
import {splitWords} from '../../model/base/text.ts'
import {isIn} from '../../model/change/directories.ts'
import {findTargets} from '../../model/change/existing.ts'
import type {EditFacts, Host, PresentFacts, RemovalFacts, SettingFacts} from '../../model/change/facts.ts'
import type {SetRequest} from '../../model/change/request.ts'
import {type SharedDirectories, settleClaims} from '../../model/instance/claims.ts'
import {type Instance, type InstanceList, isDamaged, type Listed} from '../../model/instance/instance.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import {readKnownParameters} from '../parameters/known-parameters.ts'
import {readInstanceList} from '../reader/list.ts'
import {readOwnSettings, readServices} from '../reader/own-settings.ts'
import type {Primary} from '../reader/primary.ts'
import {readConfiguration} from '../reader/read-file.ts'
import {readSecondary} from '../reader/secondary.ts'
import {surveyRemoval} from '../removal/leftovers.ts'
import {readMasters} from '../state/processes.ts'
import {countMessages} from '../state/queues.ts'
import {holdStopped} from '../state/running.ts'

/** `passOn` gets what postconf prints on stderr where it had to be asked. */
export function readHost(primary: Primary, passOn: (text: string) => void): Host {
  return {
    list: settleList(readInstanceList(primary, passOn), primary),
    shared: sharedDirectories(primary),
    meta_directory: primary.parameter('meta_directory'),
    multi_instance_wrapper: primary.printed('multi_instance_wrapper'),
    multi_instance_enable: primary.printed('multi_instance_enable'),
    alternate_config_directories: splitWords(primary.setting('alternate_config_directories') ?? ''),
  }
}

/** Whoever claims what is another's counts as damaged. */
export function settleList(list: InstanceList, primary: Primary): InstanceList {
  const settled = settleClaims(list, sharedDirectories(primary))
  return {primary: settled.primary, secondaries: settled.secondaries.map(withLine)}
}

function withLine(listed: Listed): Listed {
  if (!isDamaged(listed) || listed.contested === undefined) return listed
  const {parameter} = listed.contested
  const {entries} = parseMainCf(readConfiguration(listed.file))
  const line = entries.findLast(({name}) => name === parameter)?.line
  return line === undefined ? listed : {...listed, line}
}

/** What these config_directories hold, by their names, but for those that are listed. */
export function readUnlisted(
  directories: readonly string[],
  {list}: Host,
  primary: Primary,
  passOn: (text: string) => void,
): Map<string, Listed> {
  const known = new Set(list.secondaries.map((each) => each.config_directory))
  const others = directories.filter((each) => !known.has(each))
  return new Map(others.map((each) => [each, readSecondary(each, primary, passOn)]))
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

/** What these instances set, and what they could. */
export function readSettingFacts({targets, set, unset}: SetRequest, host: Host, primary: Primary): SettingFacts {
  const instances = findTargets(targets, host)
  return {
    settings: readSettings(instances),
    known: readKnownParameters(primary, instances, [...Object.keys(set), ...unset], set),
    unlogged: set.maillog_file ? directoriesWithoutPostlog(instances) : [],
  }
}

/** Source: postfix-script, "missing 'postlog' service". */
function directoriesWithoutPostlog(instances: readonly Instance[]): string[] {
  return instances
    .map(({config_directory}) => config_directory)
    .filter((each) => !readServices(each).some((line) => line.startsWith('postlog unix-dgram ')))
}

/** What is so already of what a request asks of these instances. */
export function readPresentFacts(instances: readonly Instance[], withServices: boolean): PresentFacts {
  const asked = withServices ? instances : []
  return {
    settings: readSettings(instances),
    services: new Map(asked.map((each) => [each.config_directory, readServices(each.config_directory)])),
  }
}

function readSettings(instances: readonly Instance[]): SettingFacts['settings'] {
  return new Map(instances.map((each) => [each.config_directory, readOwnSettings(each.config_directory)]))
}

/** `gone`: what others remove besides. */
export function readRemovalFacts(
  target: Listed,
  action: 'destroy' | 'deport',
  primary: Primary,
  gone: readonly string[] = [],
): RemovalFacts {
  const hasMainCf = isFile(`${target.config_directory}/main.cf`)
  if (isDamaged(target)) {
    const running = [...readMasters().values()].includes(target.config_directory)
    return {hasMainCf, running, messages: {}, removable: [], foreign: [], differing: []}
  }
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
export function readFileFacts(path: string): Pick<EditFacts, 'now' | 'mode' | 'owner'> {
  try {
    const {mode, uid, gid} = statThrough(path)
    return {now: readText(path, 'latin1'), mode: mode & 0o7777, owner: {uid, gid}}
  } catch (error) {
    throw new Refusal(`open ${path}: ${explainError(error)}`)
  }
}

/** What values are judged by; of a main.cf that cannot be read nothing is known. */
export function readValueFacts(config_directory: string, {defaults}: Primary): Pick<EditFacts, 'known' | 'settings'> {
  const read = (path: string): string => tryText(path) ?? ''
  return {known: {defaults: defaults.parameters}, settings: readOwnSettings(config_directory, read)}
}

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
