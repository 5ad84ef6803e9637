/** Which names the main.cf of an instance may set. Source: postconf(1), "unused parameter". */
import {isThere, readText} from '../../files/read.ts'
import type {KnownParameters} from '../../model/change/facts.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {nearest} from '../../model/instance/nearest.ts'
import {mentionedNames} from '../../model/main-cf/expand.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import {parseMasterCf} from '../reader/master-cf.ts'
import type {Primary} from '../reader/primary.ts'
import {readTableTypes} from '../reader/table-types.ts'

/**
 * Built-in parameters, those that the services of the instance bring along, and names that its main.cf uses as $NAME.
 */
export function knownParameters(primary: Primary): KnownParameters {
  const builtIn = builtInParameters(primary)
  return {
    isKnown: (instance, name) => builtIn.includes(name) || ownParameters(primary, instance).includes(name),
    nearest: (name, instance) => {
      return nearest(name, [...builtIn, ...(instance === undefined ? [] : ownParameters(primary, instance))])
    },
    tableTypes: () => readTableTypes(primary),
  }
}

/** Also those with a default that depends on the host. */
export function builtInParameters({defaults}: Primary): string[] {
  return [...Object.keys(defaults.parameters), 'myhostname', 'mydomain', 'mynetworks']
}

/** Those of its own that an instance may set. */
export function ownParameters({defaults, parameter}: Primary, {config_directory}: Instance): string[] {
  const {entries} = parseMainCf(read('main.cf'))
  const masterCf = parseMasterCf(read('master.cf'), defaults)
  return [...entries.flatMap(({value}) => mentionedNames(value)), ...(masterCf?.brought.keys() ?? [])]

  /** An instance that is not made yet will be made from the prototypes. */
  function read(file: string): string {
    const path = `${config_directory}/${file}`
    const prototype = `${parameter('meta_directory')}/${file}.proto`
    const found = [path, prototype].find((each) => isThere(each))
    return found === undefined ? '' : readText(found, 'latin1')
  }
}
