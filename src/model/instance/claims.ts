/**
 * Every instance name and every private directory has one owner; the primary owns the shared directories.
 * Values are compared as they are spelled; other spellings of one directory are the business of directories.ts.
 * Source: register_claim(), claim_instance_attributes() and check_shared_dir_status() in postmulti.c.
 */
import {Refusal} from '../base/errors.ts'
import {type Damaged, type Instance, type InstanceList, isDamaged, type Listed, readable} from './instance.ts'

/** From a claimed value to its owner, written "config_directory, parameter". */
export type Claims = Map<string, string>

/** The shared directories that the primary claims: absolute ones, without meta_directory, which overlaps with others. */
export type SharedDirectories = Partial<Record<'command_directory' | 'daemon_directory' | 'shlib_directory', string>>

/** All claims of a host. Refuses when two instances want the same name or directory. */
export function claimAll(list: InstanceList, shared: SharedDirectories): Claims {
  const claims: Claims = new Map()
  for (const [parameter, value] of sharedClaims(shared)) {
    claim(claims, list.primary.config_directory, parameter, value)
  }
  for (const each of readable(list)) claimInstance(claims, each)
  return claims
}

/** Adds what one instance owns. Refuses as claimAll. */
export function claimInstance(claims: Claims, instance: Instance): void {
  for (const [parameter, value] of claimsOf(instance)) claim(claims, instance.config_directory, parameter, value)
}

function claimsOf(instance: Instance): [parameter: string, value: string][] {
  const {config_directory, queue_directory, data_directory, multi_instance_name} = instance
  const directories = Object.entries({config_directory, queue_directory, data_directory})
  return multi_instance_name === '' ? directories : [['multi_instance_name', multi_instance_name], ...directories]
}

function sharedClaims(shared: SharedDirectories): [parameter: string, value: string][] {
  return Object.entries(shared).filter(([, value]) => value.startsWith('/'))
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

/**
 * A secondary that claims the name or a directory of another one counts as damaged, so that the other can go on;
 * postmulti(1) does nothing for anybody then. The better right has the primary, then whoever has its config_directory
 * there, then the one that is called as its queue and data are, which is what create makes, then the earlier one.
 */
export function settleClaims(list: InstanceList, shared: SharedDirectories): InstanceList {
  const {primary, secondaries} = list
  const instances = secondaries.filter((each): each is Instance => !isDamaged(each))
  if (findContested(primary, instances, shared).size === 0) return list
  const contested = findContested(primary, byRight(instances), shared)
  return {primary, secondaries: secondaries.map((each) => contested.get(each) ?? each)}
}

function findContested(primary: Instance, order: Instance[], shared: SharedDirectories): Map<Listed, Damaged> {
  const claims: Claims = new Map()
  const settled: [owner: string, parameter: string, value: string][] = [
    ...sharedClaims(shared),
    ...claimsOf(primary),
  ].map(([parameter, value]) => [primary.config_directory, parameter, value])
  for (const {config_directory} of order) settled.push([config_directory, 'config_directory', config_directory])
  for (const [owner, parameter, value] of settled) {
    if (!claims.has(value)) claims.set(value, `${owner}, ${parameter}`)
  }
  const contested = new Map<Listed, Damaged>()
  for (const each of order) {
    const fault = claimOrLeave(claims, each)
    if (fault !== undefined) contested.set(each, fault)
  }
  return contested
}

/** All that it wants, or nothing. */
function claimOrLeave(claims: Claims, instance: Instance): Damaged | undefined {
  const {config_directory, multi_instance_name} = instance
  const own: string[] = []
  for (const [parameter, value] of claimsOf(instance)) {
    if (!claims.has(value)) own.push(value)
    try {
      claim(claims, config_directory, parameter, value)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      for (const each of own) claims.delete(each)
      const file = `${config_directory}/main.cf`
      const contested = {parameter, instance}
      return {config_directory, multi_instance_name, file, reason: error.message, contested}
    }
  }
  return undefined
}

/** Those with the better right to what they claim come first. */
export function byRight<I extends Instance>(secondaries: readonly I[]): I[] {
  return secondaries.toSorted((one, other) => Number(isCalledAlike(other)) - Number(isCalledAlike(one)))
}

function isCalledAlike({config_directory, queue_directory, data_directory}: Instance): boolean {
  const [own, queue, data] = [config_directory, queue_directory, data_directory].map((each) => each.split('/').at(-1))
  return own === queue && own === data
}
