/**
 * Whether everything that a request asks for is so already, for those who ask again to be sure.
 * Postfix knows no such question.
 */

import type {Host, SettingFacts} from '../model/change/facts.ts'
import type {InitRequest, NewInstanceRequest, Request, SetRequest} from '../model/change/request.ts'
import {damaged, type Instance, readable} from '../model/instance/instance.ts'
import {mayMean, type Selection, select} from '../model/instance/selection.ts'
import {collapse} from '../model/main-cf/expand.ts'
import {splitSetting, trimDirectory} from '../model/main-cf/setting.ts'
import {findExisting} from './existing.ts'
import {insert} from './list-place.ts'
import {changedNames} from './new-instance.ts'
import {findTargets, hasAlready} from './set.ts'

/** What a request is compared with, besides the list. */
export interface PresentState extends Pick<SettingFacts, 'settings'> {
  /** The lines of its master.cf that are no comment, with single blanks. */
  services(instance: Instance): string[]
}

/** Refuses, as the change itself would, what it asks of instances that do not exist. */
export function isAlreadySo(request: Exclude<Request, InitRequest>, host: Host, said: PresentState): boolean {
  switch (request.action) {
    case 'create':
      return isCreated(request, host, said)
    case 'import':
      return isImported(request, host)
    case 'destroy':
    case 'deport':
      return isGone(request.target, host)
    case 'enable':
    case 'disable': {
      const target = findExisting(request.target, host)
      return isEnabled(target, host) === (request.action === 'enable')
    }
    case 'assign':
      return isNamed(findExisting(request.target, host), request.newName, request.newGroup)
    case 'set':
      return isSet(request, host, said)
    case 'reorder': {
      const target = findExisting(request.target, host)
      return target !== host.list.primary && isInPlace(target, request, host)
    }
    default:
      return false
  }
}

/** init looks at nothing but the primary. `setting` is what its main.cf says. */
export function isInitialised(request: InitRequest, setting: (name: string) => string | undefined): boolean {
  return (
    collapse(setting('multi_instance_wrapper') ?? '') === collapse(request.wrapper) &&
    /^yes$/i.test(setting('multi_instance_enable') ?? '')
  )
}

/** Its source is no wish for now: what it was made after may have changed since. */
function isCreated(request: NewInstanceRequest, host: Host, said: PresentState): boolean {
  const {newName = '', newGroup, parameters, birth} = request
  const found = readable(host.list).find((each) => each.multi_instance_name === newName && newName !== '')
  if (found === undefined || !isNamed(found, undefined, newGroup) || !isInPlace(found, request, host)) return false
  const directories = new Map<string, string>(Object.entries({...found, multi_instance_enable: ''}))
  const isThere = parameters.every((each) => {
    const setting = splitSetting(each)
    return setting !== undefined && directories.get(setting.name) === trimDirectory(setting.value)
  })
  if (!isThere || birth === undefined) return isThere
  const services = said.services(found)
  return (
    (!birth.enabled || found.multi_instance_enable) &&
    Object.entries(birth.settings).every(([name, value]) => said.settings(found).get(name) === collapse(value)) &&
    birth.services.every((each) => services.includes(collapse(each))) &&
    birth.uncomment.every((each) => services.some((line) => line.split(' ', 2).join('/') === each))
  )
}

function isImported({newName, newGroup, parameters}: NewInstanceRequest, host: Host): boolean {
  const setting = parameters.map(splitSetting).find((each) => each?.name === 'config_directory')
  const directory = trimDirectory(setting?.value ?? '')
  const found = readable(host.list).find((each) => each.config_directory === directory)
  return found !== undefined && found !== host.list.primary && isNamed(found, newName, newGroup)
}

/** An instance that cannot be read may be the one. */
function isGone(target: Selection | undefined, {list}: Host): boolean {
  if (target === undefined || select(list, target).length > 0) return false
  return !damaged(list).some((each) => mayMean(target, each, false))
}

/** A host with a single instance takes it for enabled, whatever its switch says. */
function isEnabled(target: Instance, host: Host): boolean {
  return target === host.list.primary ? host.multi_instance_enable === 'yes' : target.multi_instance_enable
}

function isNamed(target: Instance, newName: string | undefined, newGroup: string | undefined): boolean {
  return Object.keys(changedNames(target, newName, newGroup)).length === 0
}

function isSet(request: SetRequest, host: Host, said: PresentState): boolean {
  const found = findTargets(request.targets, host)
  return found.length > 0 && found.every((each) => hasAlready(request, said.settings(each)))
}

/** No wish is the place where it is. */
function isInPlace(
  target: Instance,
  {place, after}: {place?: Selection; after?: Selection},
  {list: {secondaries}}: Host,
): boolean {
  if (place === undefined && after === undefined) return true
  const others = secondaries.filter((each) => each !== target)
  return insert(others, target, {place, after}).every((each, at) => each === secondaries[at])
}
