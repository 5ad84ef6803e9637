/** A listed instance in JSON; docs/json.md describes it. */
import {type Damaged, type Instance, isDamaged, type Listed, label} from '../../model/instance/instance.ts'

/** Which instance it is about. */
export interface NamedJson {
  label: string
  config_directory: string
  /** Null also where it cannot be read. */
  multi_instance_name: string | null
}

export interface InstanceJson extends NamedJson {
  queue_directory: string
  data_directory: string
  multi_instance_group: string | null
  multi_instance_enable: boolean
}

export interface DamagedJson {
  label: string
  config_directory: string
  file: string
  line: number | null
  reason: string
}

export type ListedJson = InstanceJson | DamagedJson

export function toListedJson(each: Listed): ListedJson {
  return isDamaged(each) ? toDamagedJson(each) : toInstanceJson(each)
}

export function toDamagedJson({config_directory, file, line, reason}: Damaged): DamagedJson {
  return {label: config_directory, config_directory, file, line: line ?? null, reason}
}

export function toNamedJson(each: Listed): NamedJson {
  const {config_directory} = each
  if (isDamaged(each)) return {label: config_directory, config_directory, multi_instance_name: null}
  return {label: label(each), config_directory, multi_instance_name: each.multi_instance_name || null}
}

export function toInstanceJson(instance: Instance): InstanceJson {
  return {
    ...instance,
    ...toNamedJson(instance),
    multi_instance_group: instance.multi_instance_group || null,
  }
}
