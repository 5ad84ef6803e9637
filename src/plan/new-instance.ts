/**
 * Who joins the list, under which name, with which directories, at which place.
 * Source: assign_new_parameters(), make_private_path(), do_name_assignments() and insert_instance() in postmulti.c.
 */

import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import type {Host, NewInstanceFacts} from '../model/change/facts.ts'
import {defaultDirectory} from '../model/change/new-directories.ts'
import type {NewInstanceRequest} from '../model/change/request.ts'
import {claim, claimAll, claimInstance} from '../model/instance/claims.ts'
import {
  damaged,
  describeDamage,
  type Instance,
  type InstanceList,
  isDamaged,
  type Listed,
  type PrivateParameter,
} from '../model/instance/instance.ts'
import {checkNewNames} from '../model/instance/names.ts'
import {insert} from './list-place.ts'

export interface NewInstance {
  instance: Instance
  /** The list with the new instance in its place. */
  list: InstanceList
  /** multi_instance_name and multi_instance_group where the request changes them. */
  names: Record<string, string>
}

/**
 * Refuses in postmulti(1)'s order: names, parameters, directories in use, claims, place. `found` is what its
 * config_directory holds.
 */
export function settleNewInstance(
  request: NewInstanceRequest,
  host: Host,
  {found: there}: Pick<NewInstanceFacts, 'found'>,
): NewInstance {
  const {list} = host
  const claims = claimAll(list, host.shared)
  const broken = damaged(list)[0]
  if (broken?.contested !== undefined) throw new Refusal(broken.reason, {kind: 'conflict'})
  if (broken !== undefined) {
    throw new Refusal(
      `Cannot ${request.action} while instance ${broken.config_directory} cannot be read: ${describeDamage(broken)}`,
    )
  }
  checkNewNames(request.newName, request.newGroup)
  if (request.fault !== undefined) throw new Refusal(request.fault)
  const given = request.directories
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
  const found = request.action === 'import' ? checkImported(config_directory, there) : undefined
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

function besidePrimary(parameter: PrivateParameter, primary: Instance, name = ''): string {
  const value = primary[parameter]
  if (name === '') throw new Refusal(`Missing ${parameter} parameter value`)
  if (!value.startsWith('/')) {
    throw new Refusal(`Invalid default ${parameter} parameter value: '${value}': specify an absolute pathname`)
  }
  return defaultDirectory(parameter, primary, name)
}

/** An instance where nothing could be read would be empty. */
function checkImported(config_directory: string, found: Listed | undefined): Instance | undefined {
  if (found === undefined || !isDamaged(found)) return found
  throw new Refusal(`Cannot import instance ${config_directory}: ${describeDamage(found)}`)
}
