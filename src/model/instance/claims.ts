/**
 * Every instance name and every private directory has one owner; the primary owns the shared directories.
 * Values are compared as they are spelled; other spellings of one directory are the business of directories.ts.
 * Source: register_claim(), claim_instance_attributes() and check_shared_dir_status() in postmulti.c.
 */
import {Refusal} from '../base/errors.ts'
import {type Instance, type InstanceList, readable} from './instance.ts'

/** From a claimed value to its owner, written "config_directory, parameter". */
export type Claims = Map<string, string>

/** The shared directories that the primary claims: absolute ones, without meta_directory, which overlaps with others. */
export type SharedDirectories = Partial<Record<'command_directory' | 'daemon_directory' | 'shlib_directory', string>>

/** All claims of a host. Refuses when two instances want the same name or directory. */
export function claimAll(list: InstanceList, shared: SharedDirectories): Claims {
  const claims: Claims = new Map()
  for (const [parameter, value] of Object.entries(shared)) {
    if (value.startsWith('/')) claim(claims, list.primary.config_directory, parameter, value)
  }
  for (const each of readable(list)) claimInstance(claims, each)
  return claims
}

/** Adds what one instance owns. */
export function claimInstance(claims: Claims, instance: Instance): void {
  const {config_directory, queue_directory, data_directory, multi_instance_name} = instance
  if (multi_instance_name !== '') claim(claims, config_directory, 'multi_instance_name', multi_instance_name)
  claim(claims, config_directory, 'config_directory', config_directory)
  claim(claims, config_directory, 'queue_directory', queue_directory)
  claim(claims, config_directory, 'data_directory', data_directory)
}

/** Adds one claim; the same one again does not conflict. */
export function claim(claims: Claims, config_directory: string, parameter: string, value: string): void {
  const claimant = `${config_directory}, ${parameter}`
  const owner = claims.get(value)
  if (owner === undefined) claims.set(value, claimant)
  else if (owner !== claimant) {
    throw new Refusal(`instance ${claimant}=${value} conflicts with instance ${owner}=${value}`, {kind: 'conflict'})
  }
}
