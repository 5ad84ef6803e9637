/** Every name has one owner. Source: claim_instance_attributes() in postmulti.c. */

import {suggest} from '../../model/base/suggestion.ts'
import {inOrderOfRight, type Rule, whereSet} from '../rule.ts'

export const nameShared: Rule = {
  id: 'name-shared',
  severity: 'error',
  because:
    'postmulti(1) refuses every command for every instance when two of them have one name: "conflicts with instance". This ' +
    'postmulti skips the second one, which it does not start, stop or change any more.',
  check(input) {
    const {instances} = input
    const freeName = (name: string): string => {
      const others = instances.map((each) => each.multi_instance_name)
      let number = 2
      while (others.includes(`${name}-${number}`)) number++
      return `${name}-${number}`
    }
    const owners = new Map<string, string>()
    return inOrderOfRight(input).flatMap((each) => {
      const {multi_instance_name, config_directory} = each
      const owner = owners.get(multi_instance_name)
      if (multi_instance_name === '') return []
      if (owner === undefined) {
        owners.set(multi_instance_name, config_directory)
        return []
      }
      return {
        instances: [owner, config_directory],
        at: whereSet(each, 'multi_instance_name'),
        message: `${owner} and ${config_directory} are both called ${multi_instance_name}: the second one can be neither started nor changed`,
        suggestions: [suggest`postconf -c ${config_directory} -e multi_instance_name=${freeName(multi_instance_name)}`],
      }
    })
  },
}
