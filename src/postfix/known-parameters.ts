/** Which names the main.cf of an instance may set. Source: postconf(1), "unused parameter". */
import {readFileSync} from 'node:fs'
import {distance} from 'fastest-levenshtein'
import {mentionedNames} from '../model/expand.ts'
import type {KnownParameters} from '../model/facts.ts'
import type {Instance} from '../model/instance.ts'
import {parseMainCf} from '../model/lines.ts'
import {parseMasterCf} from './master-cf.ts'
import type {Primary} from './primary.ts'

/** Typing errors that are worth a suggestion. */
const nearEnough = 3

/**
 * Built-in parameters, those that the services of the instance bring along, and names that its main.cf uses as $NAME.
 */
export function knownParameters({defaults}: Primary): KnownParameters {
  const builtIn = [...Object.keys(defaults.parameters), 'myhostname', 'mydomain', 'mynetworks']
  return {
    isKnown: (instance, name) => builtIn.includes(name) || namesOf(instance).has(name),
    nearest(name) {
      const ranked = builtIn.map((each) => ({each, far: distance(name, each)})).filter(({far}) => far <= nearEnough)
      return ranked
        .sort((one, other) => one.far - other.far)
        .slice(0, 3)
        .map(({each}) => each)
    },
  }

  function namesOf({config_directory}: Instance): Set<string> {
    const {entries} = parseMainCf(readFileSync(`${config_directory}/main.cf`, 'latin1'))
    const masterCf = parseMasterCf(readFileSync(`${config_directory}/master.cf`, 'latin1'), defaults)
    return new Set([...entries.flatMap(({value}) => mentionedNames(value)), ...(masterCf?.brought.keys() ?? [])])
  }
}
