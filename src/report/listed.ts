/** A listed instance in JSON; docs/json.md describes it. */
import {type Damaged, type Instance, isDamaged, type Listed} from '../model/instance.ts'

export interface InstanceJson {
  config_directory: string
  queue_directory: string
  data_directory: string
  multi_instance_name: string | null
  multi_instance_group: string | null
  multi_instance_enable: boolean
}

export interface DamagedJson {
  config_directory: string
  file: string
  line: number | null
  reason: string
}

export type ListedJson = InstanceJson | DamagedJson

export function toListedJson(each: Listed): ListedJson {
  return isDamaged(each) ? toDamagedJson(each) : toInstanceJson(each)
}

export function toDamagedJson(damaged: Damaged): DamagedJson {
  return {...damaged, line: damaged.line ?? null}
}

export function toInstanceJson(instance: Instance): InstanceJson {
  return {
    ...instance,
    multi_instance_name: instance.multi_instance_name || null,
    multi_instance_group: instance.multi_instance_group || null,
  }
}
