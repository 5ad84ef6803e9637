/**
 * Instances, lists and hosts as values, for the tests of what only computes. Everything is frozen to the bottom:
 * whatever changes its argument fails.
 */
import type {Host} from '../src/model/change/facts.ts'
import type {Damaged, Instance, InstanceList, Listed} from '../src/model/instance/instance.ts'
import {readServiceLines, type ServiceLine} from '../src/model/master-cf/services.ts'

export const primary: Instance = deepFreeze({
  config_directory: '/etc/postfix',
  queue_directory: '/var/spool/postfix',
  data_directory: '/var/lib/postfix',
  multi_instance_name: '',
  multi_instance_group: '',
  multi_instance_enable: true,
})

/** An enabled instance with its directories beside the primary's. */
export function secondary(name: string, changes: Partial<Instance> = {}): Instance {
  return deepFreeze({
    config_directory: `/etc/${name}`,
    queue_directory: `/var/spool/${name}`,
    data_directory: `/var/lib/${name}`,
    multi_instance_name: name,
    multi_instance_group: '',
    multi_instance_enable: true,
    ...changes,
  })
}

/** Listed, but nobody can read its main.cf. */
export function broken(config_directory: string): Damaged {
  return deepFreeze({
    config_directory,
    file: `${config_directory}/main.cf`,
    line: 7,
    reason: `missing '=' after attribute name: "oops"`,
  })
}

/** A line of master.cf as it is written. */
export function service(written: string, changes: Partial<ServiceLine> = {}): ServiceLine {
  return {...readServiceLines(written)[0]!, ...changes}
}

export function listOf(...secondaries: Listed[]): InstanceList {
  return deepFreeze({primary, secondaries})
}

/** An initialised host with these secondaries. */
export function hostOf(secondaries: Listed[], changes: Partial<Host> = {}): Host {
  return deepFreeze({
    list: listOf(...secondaries),
    shared: {command_directory: '/usr/sbin', daemon_directory: '/usr/lib/postfix/sbin', shlib_directory: 'no'},
    meta_directory: '/etc/postfix',
    multi_instance_wrapper: '${command_directory}/postmulti -p --',
    multi_instance_enable: 'yes',
    alternate_config_directories: [],
    ...changes,
  })
}

/** For assert.throws: a Refusal in these words. How it is explained beside them is free to change. */
export function refusal(message: string): {name: string; message: string} {
  return {name: 'Refusal', message}
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}
