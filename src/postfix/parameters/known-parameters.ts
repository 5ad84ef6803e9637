/** Which names the main.cf of an instance may set. Source: postconf(1), "unused parameter". */
import {isThere, readText} from '../../files/read.ts'
import type {KnownParameters} from '../../model/change/facts.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {mentionedNames} from '../../model/main-cf/expand.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import {tableTypesIn} from '../../model/master-cf/lookup-tables.ts'
import {readServiceLines} from '../../model/master-cf/services.ts'
import {broughtNames} from '../reader/master-cf.ts'
import type {Primary} from '../reader/primary.ts'
import {readTableTypes} from '../reader/table-types.ts'

/**
 * Built-in parameters, those that the services of these instances bring along, and names that their main.cf uses as $NAME:
 * as far as the names and values in question need them.
 */
export function readKnownParameters(
  primary: Primary,
  instances: readonly Instance[] = [],
  names: readonly string[] = [],
  set: Readonly<Record<string, string>> = {},
): KnownParameters {
  const builtIn = new Set(builtInParameters(primary))
  const asked = names.every((each) => builtIn.has(each)) ? [] : instances
  const hasTables = Object.entries(set).some(([name, value]) => tableTypesIn(name, value).length > 0)
  const tableTypes = hasTables ? readTableTypes(primary) : undefined
  return {
    builtIn,
    defaults: primary.defaults.parameters,
    own: new Map(asked.map((each) => [each.config_directory, ownParameters(primary, each)])),
    ...(tableTypes === undefined ? {} : {tableTypes}),
  }
}

/** Also those with a default that depends on the host. */
export function builtInParameters({defaults}: Primary): string[] {
  return [...Object.keys(defaults.parameters), 'myhostname', 'mydomain', 'mynetworks']
}

/** Those of its own that an instance may set. */
export function ownParameters({defaults, parameter}: Primary, {config_directory}: Instance): string[] {
  const {entries} = parseMainCf(read('main.cf'))
  const services = readServiceLines(read('master.cf'))
  return [...entries.flatMap(({value}) => mentionedNames(value)), ...broughtNames(services, defaults)]

  /** An instance that is not made yet will be made from the prototypes. */
  function read(file: string): string {
    const path = `${config_directory}/${file}`
    const prototype = `${parameter('meta_directory')}/${file}.proto`
    const found = [path, prototype].find((each) => isThere(each))
    return found === undefined ? '' : readText(found, 'latin1')
  }
}
