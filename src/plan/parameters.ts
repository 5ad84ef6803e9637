/** Which parameters may be set by hand. Source: postconf(1), "unused parameter"; the others are ours to keep right. */
import {Refusal} from '../model/errors.ts'
import type {KnownParameters} from '../model/facts.ts'
import {type Instance, label} from '../model/instance.ts'

/** Parameters that have a command of their own, which keeps what hangs on them right. */
const elsewhere: Record<string, string> = {
  multi_instance_name: 'postmulti instances assign NAME --name',
  multi_instance_group: 'postmulti instances assign NAME --group',
  multi_instance_enable: 'postmulti instances enable NAME',
  multi_instance_directories: 'postmulti instances reorder NAME',
  multi_instance_wrapper: 'postmulti instances init',
  config_directory: 'postmulti instances import DIRECTORY',
  queue_directory: 'postmulti instances create NAME --queue-directory',
  data_directory: 'postmulti instances create NAME --data-directory',
}

/** Refuses a parameter that has a command of its own. */
export function checkOwnCommand(names: readonly string[]): void {
  for (const name of names) {
    const command = elsewhere[name]
    if (command !== undefined) throw new Refusal(`${name} is not set by hand`, {suggestions: [command]})
  }
}

/** Refuses a name that Postfix does not have and that nothing in the instance uses. */
export function checkKnown(set: Record<string, string>, instance: Instance, known: KnownParameters): void {
  const unknown = Object.keys(set).find((name) => !known.isKnown(instance, name))
  if (unknown === undefined) return
  throw new Refusal(`Unknown parameter ${unknown}`, {
    explained: `Postfix has no parameter ${unknown}, and nothing in ${instance.config_directory}/main.cf uses this name`,
    suggestions: known
      .nearest(unknown)
      .map((name) => `postmulti instances set ${label(instance)} '${name}=${set[unknown]}'`),
  })
}
