/** Which names the main.cf of an instance may set. Source: postconf(1), "unused parameter". */
import {isThere, readText} from '../files/read.ts'
import {mentionedNames} from '../model/expand.ts'
import type {KnownParameters} from '../model/facts.ts'
import type {Instance} from '../model/instance.ts'
import {parseMainCf} from '../model/lines.ts'
import {nearest} from '../model/nearest.ts'
import {parseMasterCf} from './master-cf.ts'
import type {Primary} from './primary.ts'

/**
 * Built-in parameters, those that the services of the instance bring along, and names that its main.cf uses as $NAME.
 */
export function knownParameters({defaults, parameter}: Primary): KnownParameters {
  const builtIn = [...Object.keys(defaults.parameters), 'myhostname', 'mydomain', 'mynetworks']
  return {
    isKnown: (instance, name) => builtIn.includes(name) || namesOf(instance).has(name),
    nearest: (name) => nearest(name, builtIn),
  }

  function namesOf({config_directory}: Instance): Set<string> {
    const {entries} = parseMainCf(read(config_directory, 'main.cf'))
    const masterCf = parseMasterCf(read(config_directory, 'master.cf'), defaults)
    return new Set([...entries.flatMap(({value}) => mentionedNames(value)), ...(masterCf?.brought.keys() ?? [])])
  }

  /** An instance that is not made yet will be made from the prototypes. */
  function read(config_directory: string, file: string): string {
    const path = `${config_directory}/${file}`
    const prototype = `${parameter('meta_directory')}/${file}.proto`
    const found = [path, prototype].find((each) => isThere(each))
    return found === undefined ? '' : readText(found, 'latin1')
  }
}
