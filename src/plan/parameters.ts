/** Which parameters may be set by hand. Source: postconf(1), "unused parameter"; the others are ours to keep right. */
import {Refusal} from '../model/errors.ts'
import {mentionedNames} from '../model/expand.ts'
import type {KnownParameters} from '../model/facts.ts'
import {type Instance, label} from '../model/instance.ts'

/** Parameters that have a command of their own, which keeps what hangs on them right. */
const elsewhere: Record<string, string> = {
  multi_instance_name: 'assign NAME --name',
  multi_instance_group: 'assign NAME --group',
  multi_instance_enable: 'enable NAME',
  multi_instance_directories: 'reorder NAME',
  multi_instance_wrapper: 'init',
  config_directory: 'import DIRECTORY',
  queue_directory: 'create NAME --queue-directory',
  data_directory: 'create NAME --data-directory',
}

/** Refuses a parameter that has a command of its own. */
export function checkOwnCommand(names: readonly string[], instance: Instance): void {
  for (const name of names) {
    const command = elsewhere[name]?.replace('NAME', label(instance))
    if (command === undefined) continue
    throw new Refusal(`${name} is not set by hand: it has a command of its own`, {
      suggestions: [`postmulti instances ${command}`],
      mistake: true,
    })
  }
}

/** Refuses what main.cf cannot hold. */
export function checkValues(set: Record<string, string>): void {
  for (const [name, value] of Object.entries(set)) {
    if (!/^[^\s=#$][^\s=$]*$/.test(name))
      throw new Refusal(`'${name}' cannot be the name of a parameter`, {mistake: true})
    if (/[\n\0]/.test(value)) throw new Refusal(`The value of ${name} is more than one line`, {mistake: true})
  }
}

/** Refuses a name that Postfix does not have and that nothing in the instance, or in these values, uses. */
export function checkKnown(set: Record<string, string>, instance: Instance, known: KnownParameters): void {
  const used = new Set(Object.values(set).flatMap(mentionedNames))
  const unknown = Object.keys(set).find((name) => !used.has(name) && !known.isKnown(instance, name))
  if (unknown === undefined) return
  throw new Refusal(`Unknown parameter ${unknown}`, {
    explained: `Postfix has no parameter ${unknown}, and nothing in ${instance.config_directory}/main.cf uses this name`,
    suggestions: known
      .nearest(unknown)
      .map((name) => `postmulti instances set ${label(instance)} '${name}=${set[unknown]}'`),
    mistake: true,
  })
}

/** Refuses to remove what no one has. `has` says which names an instance sets. */
export function checkSet(
  names: readonly string[],
  instances: readonly Instance[],
  has: (instance: Instance) => ReadonlyMap<string, string>,
  known: KnownParameters,
): void {
  const set = new Set(instances.flatMap((each) => [...has(each).keys()]))
  const missing = names.find((name) => !set.has(name))
  if (missing === undefined) return
  const near = known.nearest(missing).filter((name) => set.has(name))
  const whose = instances.map((each) => `${each.config_directory}/main.cf`).join(', ')
  throw new Refusal(`${missing} is not set in ${whose}`, {
    suggestions: near.map((name) => `postmulti instances unset ${instances.map(label).join(' ')} ${name}`),
    mistake: true,
  })
}

/** Refuses a name that none of the instances has. `again`: the command with another name in the place of this one. */
export function checkValuesKnown(
  names: readonly string[],
  values: readonly ReadonlyMap<string, string>[],
  known: KnownParameters,
  again: (other: string, name: string) => string,
): void {
  const unknown = names.find((name) => values.every((each) => !each.has(name)))
  if (unknown === undefined) return
  throw new Refusal(`Unknown parameter ${unknown}`, {
    explained: `Postfix has no parameter ${unknown}, and main.cf does not set one`,
    suggestions: known.nearest(unknown).map((other) => again(other, unknown)),
    mistake: true,
  })
}
