/** The directories that belong to one instance alone. */
import {privateParameters} from '../model/instance/instance.ts'
import type {CheckedInstance, CheckHost} from '../model/survey/check-input.ts'

export interface Owned {
  owner: CheckedInstance
  parameter: 'config_directory' | 'queue_directory' | 'data_directory'
  path: string
  /** By its one name. */
  real: string
  /** The same for all names of one directory. */
  identity: string
}

export function findOwned(instances: readonly CheckedInstance[], host: CheckHost): Owned[] {
  return instances.flatMap((owner) =>
    privateParameters.map((parameter) => {
      const path = owner[parameter]
      const real = host.canonical(path)
      return {owner, parameter, path, real, identity: host.look(path)?.identity ?? real}
    }),
  )
}

/** PARAMETER of an instance, for a sentence. */
export function describeOwned({owner: {multi_instance_name, config_directory}, parameter}: Owned): string {
  return `the ${parameter} of ${multi_instance_name || config_directory}`
}
