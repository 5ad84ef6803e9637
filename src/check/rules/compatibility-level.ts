/** All instances have one compatibility_level. Source: COMPATIBILITY_README. */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {primaryOf, type Rule, whereSet} from '../rule.ts'

/** Of those that each supported release knows. */
const newest = '2'

export const compatibilityLevel: Rule = {
  id: 'compatibility-level',
  severity: 'advice',
  because:
    'Defaults depend on it: chroot, relay_domains, mynetworks_style, smtpd_relay_restrictions. Without one, Postfix ' +
    'behaves as in 2014 and writes three lines about it at each start.',
  check(input) {
    const usual = primaryOf(input)?.parameter('compatibility_level')
    const setters = input.instances.filter(({settings}) => settings.has('compatibility_level'))
    const wanted = (setters.find(({primary}) => primary) ?? setters[0])?.parameter('compatibility_level') ?? newest
    return input.instances.flatMap((each) => {
      const own = each.parameter('compatibility_level')
      const isUnset = !each.settings.has('compatibility_level')
      if (!isUnset && own === (usual ?? own)) return []
      return {
        instances: [each.config_directory],
        at: whereSet(each, 'compatibility_level'),
        message: isUnset
          ? `${label(each)} has no compatibility_level: it has the defaults of 2014`
          : `${label(each)} has compatibility_level ${own}, and the primary ${usual}: their defaults differ`,
        suggestions: [suggest`postmulti instances set ${operandOf(each)} compatibility_level=${wanted}`],
      }
    })
  },
}
