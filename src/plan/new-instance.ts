/**
 * Who joins the list, under which name, with which directories, at which place.
 * Source: assign_new_parameters(), make_private_path(), do_name_assignments() and insert_instance() in postmulti.c.
 */

import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import type {Host} from '../model/change/facts.ts'
import type {NewInstanceRequest} from '../model/change/request.ts'
import {claim, claimAll, claimInstance} from '../model/instance/claims.ts'
import {damaged, describeDamage, type Instance, type InstanceList, isDamaged} from '../model/instance/instance.ts'
import {checkNewNames} from '../model/instance/names.ts'
import {splitSetting, trimDirectory} from '../model/main-cf/setting.ts'
import {insert} from './list-place.ts'

export interface NewInstance {
  instance: Instance
  /** The list with the new instance in its place. */
  list: InstanceList
  /** multi_instance_name and multi_instance_group where the request changes them. */
  names: Record<string, string>
}

type PrivateParameter = 'config_directory' | 'queue_directory' | 'data_directory'

type Given = Partial<Record<PrivateParameter, string>>

/** Refuses in postmulti(1)'s order: names, parameters, directories in use, claims, place. */
export function settleNewInstance(request: NewInstanceRequest, host: Host): NewInstance {
  const {list} = host
  const claims = claimAll(list, host.shared)
  const broken = damaged(list)[0]
  if (broken !== undefined) {
    throw new Refusal(
      `Cannot ${request.action} while instance ${broken.config_directory} cannot be read: ${describeDamage(broken)}`,
    )
  }
  checkNewNames(request.newName, request.newGroup)
  const given: Given = {}
  for (const parameter of request.parameters) assignParameter(given, request.action, parameter)

  const config_directory = given.config_directory ?? besidePrimary('config_directory', list.primary, request.newName)
  const owner = claims.get(config_directory)
  if (owner !== undefined) {
    throw new Refusal(
      `new config_directory=${config_directory} is already in use by instance ${owner}=${config_directory}`,
      {
        kind: 'conflict',
        explained: `${config_directory} is already in use, by instance ${owner.replace(', ', ' as its ')}`,
        suggestions: [suggest`postmulti instances`],
      },
    )
  }
  const found = request.action === 'import' ? readImported(config_directory, host) : undefined
  const before: Instance = found ?? {
    config_directory,
    queue_directory: given.queue_directory ?? besidePrimary('queue_directory', list.primary, request.newName),
    data_directory: given.data_directory ?? besidePrimary('data_directory', list.primary, request.newName),
    multi_instance_name: '',
    multi_instance_group: '',
    multi_instance_enable: false,
  }
  const names = changedNames(before, request.newName, request.newGroup)
  if (names.multi_instance_name !== undefined) {
    claim(claims, config_directory, 'multi_instance_name', names.multi_instance_name)
  }
  const instance: Instance = {...before, ...names}
  claimInstance(claims, instance)
  return {instance, list: {primary: list.primary, secondaries: insert(list.secondaries, instance, request)}, names}
}

/** The names that really change, compared after expansion. */
export function changedNames(before: Instance, newName?: string, newGroup?: string): Record<string, string> {
  return {
    ...(newName === undefined || newName === before.multi_instance_name ? {} : {multi_instance_name: newName}),
    ...(newGroup === undefined || newGroup === before.multi_instance_group ? {} : {multi_instance_group: newGroup}),
  }
}

function assignParameter(given: Given, action: 'create' | 'import', parameter: string): void {
  const setting = splitSetting(parameter)
  if (setting === undefined) throw new Refusal(`Malformed parameter setting '${parameter}'`)
  const {name, value} = setting
  const allowed: PrivateParameter[] =
    action === 'import' ? ['config_directory'] : ['config_directory', 'queue_directory', 'data_directory']
  const known = allowed.find((each) => each === name)
  if (known === undefined) throw new Refusal(`Parameter '${name}' not valid with action ${action}`)
  if (!value.startsWith('/')) throw new Refusal(`Parameter setting '${name}' is not an absolute path`)
  const trimmed = trimDirectory(value)
  if (trimmed === '') throw new Refusal(`Parameter setting '${name}' is the root directory`)
  given[known] = trimmed
}

/** The primary's directory with its last component replaced by the name. */
function besidePrimary(parameter: PrivateParameter, primary: Instance, name = ''): string {
  const value = primary[parameter]
  if (name === '') throw new Refusal(`Missing ${parameter} parameter value`)
  if (!value.startsWith('/')) {
    throw new Refusal(`Invalid default ${parameter} parameter value: '${value}': specify an absolute pathname`)
  }
  const parent = value.replace(/\/+$/, '').replace(/\/+[^/]*$/, '')
  return `${parent}/${name}`
}

function readImported(config_directory: string, host: Host): Instance {
  const found = host.readInstance(config_directory)
  if (!isDamaged(found)) return found
  throw new Refusal(`Cannot import instance ${config_directory}: ${describeDamage(found)}`)
}
