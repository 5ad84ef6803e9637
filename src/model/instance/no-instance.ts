/** The complaint about a name that no instance has. It says what else may have been meant. */
import {Refusal} from '../base/errors.ts'
import {suggest} from '../base/suggestion.ts'
import {type InstanceList, readable} from './instance.ts'
import {nearestInstances} from './nearest.ts'

/** What people call the primary, which is called '-', or like its directory. */
const forPrimary = ['primary', 'postfix', 'main', 'master', 'default']

export function noInstance(name: string, list: InstanceList): Refusal {
  const instances = readable(list)
  const message = `No instance named ${name}`
  return new Refusal(message, {
    explained: `${name === '' ? 'An empty name means no instance' : message}\n${instances.length === 1 ? 'There is only the primary' : `None of ${instances.length} instances has this name`}`,
    suggestions: [suggest`postmulti instances`],
    kind: 'not found',
    misnamed: {name, nearest: forPrimary.includes(name) ? ['-'] : nearestInstances(name, instances)},
  })
}
