/** Who takes mail starts before who sends it. Source: MULTI_INSTANCE_README; postconf(5), multi_instance_directories. */
import {label} from '../model/instance.ts'
import {findHops, findReceivers} from './hops.ts'
import {enabled, type Rule} from './rule.ts'

export const startOrder: Rule = {
  id: 'start-order',
  severity: 'warning',
  because:
    'Instances start in the order of multi_instance_directories. Mail that is sent before the receiver runs is deferred, ' +
    'and tried again after minimal_backoff_time, 300 seconds, although the receiver was there half a second later.',
  check(scene) {
    const at = new Map(scene.instances.map((each, index) => [each, index]))
    // The primary comes first, whatever it does.
    return enabled(scene)
      .filter((each) => !each.primary)
      .flatMap((each) => {
        const later = findHops(each, scene.host).flatMap((hop) => {
          const {taking} = findReceivers(hop, scene)
          return taking.filter(({instance}) => at.get(instance)! > at.get(each)!).map(({instance}) => ({hop, instance}))
        })
        const unique = new Map(later.map((found) => [found.instance, found]))
        return [...unique.values()].map(({hop, instance}) => ({
          instances: [each.config_directory, instance.config_directory],
          at: hop.at,
          message: `${label(each)} sends to ${label(instance)} (${hop.nexthop}), which starts after it: mail waits for five minutes at each start`,
          suggestions: [`postmulti instances reorder ${label(each)} --after ${label(instance)}`],
        }))
      })
  },
}
