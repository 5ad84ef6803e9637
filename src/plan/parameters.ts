/** Which parameters may be set by hand. Source: postconf(1), "unused parameter"; the others are ours to keep right. */
import {Refusal} from '../model/base/errors.ts'
import {own} from '../model/base/own.ts'
import {suggest} from '../model/base/suggestion.ts'
import {matchesWildcard} from '../model/base/wildcard.ts'
import type {KnownParameters, SettingFacts} from '../model/change/facts.ts'
import {type Instance, operandOf} from '../model/instance/instance.ts'
import {nearest} from '../model/instance/nearest.ts'
import {mentionedNames} from '../model/main-cf/expand.ts'
import {tableTypesIn} from '../model/master-cf/lookup-tables.ts'

/** Parameters that have a command of their own, which keeps what hangs on them right, with what it takes of a value. */
const ownCommands: Record<string, (name: string, value: string) => string[]> = {
  multi_instance_name: (name, value) => (value === '' ? ['assign', '--help'] : ['assign', name, '--name', value]),
  multi_instance_group: (name, value) => ['assign', name, ...(value === '' ? ['--no-group'] : ['--group', value])],
  multi_instance_enable: (name, value) => [/^yes$/i.test(value) ? 'enable' : 'disable', name],
  multi_instance_directories: () => ['reorder', '--help'],
  multi_instance_wrapper: () => ['init', '--help'],
  config_directory: () => ['import', '--help'],
  queue_directory: () => ['create', '--help'],
  data_directory: () => ['create', '--help'],
}

/** What commands of this program write. */
export const managedParameters: ReadonlySet<string> = new Set([
  ...Object.keys(ownCommands),
  'alternate_config_directories',
])

/** Refuses a parameter that has a command of its own; while it is created a flag of create does it. */
export function checkOwnCommand(set: Readonly<Record<string, string>>, instance: Instance, isNew = false): void {
  for (const [name, value] of Object.entries(set)) {
    const command = own(ownCommands, name)
    if (command === undefined) continue
    const words = isNew ? ['create', '--help'] : command(operandOf(instance), value)
    throw new Refusal(`${name} is not set by hand: it has ${isNew ? 'a flag' : 'a command'} of its own`, {
      suggestions: [suggest`postmulti instances ${words}`],
      kind: 'usage',
    })
  }
}

/** Refuses what main.cf cannot hold. */
export function checkValues(set: Record<string, string>): void {
  for (const [name, value] of Object.entries(set)) {
    if (!/^[^\s=#$][^\s=$]*$/.test(name))
      throw new Refusal(`'${name}' cannot be the name of a parameter`, {kind: 'usage'})
    if (/[\n\0]/.test(value)) throw new Refusal(`The value of ${name} is more than one line`, {kind: 'usage'})
  }
}

/** Refuses a name that Postfix does not have and that nothing in the instance, or in these values, uses. */
export function checkKnownParameters(
  set: Record<string, string>,
  instance: Instance,
  known: KnownParameters,
  services: readonly string[] = [],
): void {
  const used = new Set(Object.values(set).flatMap(mentionedNames))
  // A transport brings NAME_destination_concurrency_limit and others along.
  const transports = services.map((each) => `${each.trim().split(/\s/)[0]}_`)
  const isKnown = (name: string): boolean =>
    used.has(name) || transports.some((each) => name.startsWith(each)) || isKnownParameter(name, known, instance)
  const unknown = Object.keys(set).find((name) => !isKnown(name))
  if (unknown === undefined) return
  throw new Refusal(`Unknown parameter ${unknown}`, {
    explained: `Postfix has no parameter ${unknown}, and nothing in ${instance.config_directory}/main.cf uses this name`,
    misnamed: {name: unknown, nearest: nearestParameters(unknown, known, instance)},
    kind: 'not found',
  })
}

/** Refuses a lookup table that Postfix could not open: all mail that needs it would be deferred. */
export function checkTableTypes(set: Readonly<Record<string, string>>, known: KnownParameters): void {
  const used = Object.entries(set).flatMap(([name, value]) =>
    tableTypesIn(name, value).map((type) => ({name, value, type})),
  )
  const types = known.tableTypes
  if (types === undefined) return
  const strange = used.find(({type}) => !types.includes(type))
  if (strange === undefined) return
  const {name, value, type} = strange
  const withType = (each: string): string => `${name}=${value.replaceAll(`${type}:`, `${each}:`)}`
  throw new Refusal(`${name}: this Postfix has no table type ${type}`, {
    explained: `${name}: this Postfix has no table type ${type}\nIt has ${types.join(', ')} (postconf -m)`,
    misnamed: {name: `${name}=${value}`, nearest: nearest(type, types).map(withType)},
    kind: 'not found',
  })
}

/** Refuses to remove what no one has. `settings` is what each main.cf sets, by config_directory. */
export function checkSet(
  names: readonly string[],
  instances: readonly Instance[],
  settings: SettingFacts['settings'],
  known: KnownParameters,
): void {
  const set = new Set(instances.flatMap((each) => [...(settings.get(each.config_directory)?.keys() ?? [])]))
  const missing = names.find((name) => !set.has(name))
  if (missing === undefined) return
  const near = nearestParameters(missing, known).filter((name) => set.has(name))
  const whose = instances.map((each) => `${each.config_directory}/main.cf`).join(', ')
  throw new Refusal(`${missing} is not set in ${whose}`, {
    misnamed: {name: missing, nearest: near},
    kind: 'not found',
  })
}

/** Those of `all` that match, by name. Refuses a word that none does. */
export function chooseNames(words: readonly string[], all: readonly string[]): string[] {
  const without = words.find((word) => !all.some((each) => matchesWildcard(each, word)))
  if (without !== undefined) {
    throw new Refusal(`None of ${all.length} parameters matches ${without}`, {
      misnamed: {name: without, nearest: nearest(without, all)},
      suggestions: [suggest`postmulti instances get --help`],
      kind: 'not found',
    })
  }
  return [...new Set(all)].filter((each) => words.some((word) => matchesWildcard(each, word))).sort()
}

/** Refuses a name that none of the instances has. */
export function checkValuesKnown(
  names: readonly string[],
  values: readonly ReadonlyMap<string, string>[],
  known: KnownParameters,
): void {
  const unknown = names.find((name) => values.every((each) => !each.has(name)))
  if (unknown === undefined) return
  throw new Refusal(`Unknown parameter ${unknown}`, {
    explained: `Postfix has no parameter ${unknown}, and main.cf does not set one`,
    kind: 'not found',
    misnamed: {name: unknown, nearest: nearestParameters(unknown, known)},
  })
}

/** Whether every instance may set it, or this one. */
export function isKnownParameter(name: string, {builtIn, own}: KnownParameters, instance: Instance): boolean {
  return builtIn.has(name) || (own.get(instance.config_directory)?.includes(name) ?? false)
}

/** Among what every instance may have, and this one. */
function nearestParameters(name: string, {builtIn, own}: KnownParameters, instance?: Instance): string[] {
  return nearest(name, [...builtIn, ...(own.get(instance?.config_directory ?? '') ?? [])])
}
