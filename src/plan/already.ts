/**
 * Whether everything that a request asks for is so already, for those who ask again to be sure.
 * Postfix knows no such question.
 */

import {findExisting, findTargets} from '../model/change/existing.ts'
import type {Host, PresentFacts} from '../model/change/facts.ts'
import type {InitRequest, NewInstanceRequest, Request, SetRequest} from '../model/change/request.ts'
import {damaged, type Instance, privateParameters, readable} from '../model/instance/instance.ts'
import {mayMean, type Selection, select} from '../model/instance/selection.ts'
import {collapse} from '../model/main-cf/expand.ts'
import {insert} from './list-place.ts'
import {changedNames} from './new-instance.ts'
import {hasAlready} from './set.ts'

/** Refuses, as the change itself would, what it asks of instances that do not exist. */
export function isAlreadySo(request: Exclude<Request, InitRequest>, host: Host, said: PresentFacts): boolean {
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

/** init looks at nothing but the primary: at what its main.cf says of these. */
export function isInitialised(
  request: InitRequest,
  {
    multi_instance_wrapper = '',
    multi_instance_enable = '',
  }: {multi_instance_wrapper?: string | undefined; multi_instance_enable?: string | undefined},
): boolean {
  return collapse(multi_instance_wrapper) === collapse(request.wrapper) && /^yes$/i.test(multi_instance_enable)
}

/** Its source does not count: it may have changed since. */
function isCreated(request: NewInstanceRequest, host: Host, said: PresentFacts): boolean {
  const {newGroup, directories, birth} = request
  const found = findCreated(request, host)
  if (found === undefined || !isNamed(found, undefined, newGroup) || !isInPlace(found, request, host)) return false
  const isThere = privateParameters.every((each) => (directories[each] ?? found[each]) === found[each])
  if (!isThere || birth === undefined) return isThere
  const services = said.services.get(found.config_directory) ?? []
  const settings = said.settings.get(found.config_directory)
  return (
    (!birth.enabled || found.multi_instance_enable) &&
    Object.entries(birth.settings).every(([name, value]) => settings?.get(name) === collapse(value)) &&
    birth.services.every((each) => services.includes(collapse(each))) &&
    birth.uncomment.every((each) => services.some((line) => line.split(' ', 2).join('/') === each))
  )
}

/** The instance that the request would make, were it not there. */
export function findCreated({newName = ''}: NewInstanceRequest, {list}: Host): Instance | undefined {
  return readable(list).find((each) => each.multi_instance_name === newName && newName !== '')
}

function isImported({newName, newGroup, directories}: NewInstanceRequest, host: Host): boolean {
  const found = readable(host.list).find((each) => each.config_directory === directories.config_directory)
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

function isSet(request: SetRequest, host: Host, {settings}: PresentFacts): boolean {
  const found = findTargets(request.targets, host)
  return found.length > 0 && found.every((each) => hasAlready(request, settings.get(each.config_directory)))
}

/** Without a wish it stays in its place. */
function isInPlace(
  target: Instance,
  {place, after}: {place?: Selection; after?: Selection},
  {list: {secondaries}}: Host,
): boolean {
  if (place === undefined && after === undefined) return true
  const others = secondaries.filter((each) => each !== target)
  return insert(others, target, {place, after}).every((each, at) => each === secondaries[at])
}
