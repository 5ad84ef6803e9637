/** No instance sends to itself over port 25. Source: smtp_find_self() in smtp_addr.c, which looks at port 25 alone. */
import {label} from '../model/instance.ts'
import {findHops, ownAddresses} from './hops.ts'
import {enabled, type Rule} from './rule.ts'

export const hopToSelf: Rule = {
  id: 'hop-to-self',
  severity: 'error',
  because:
    'smtp(8) looks whether the next hop is one of the own addresses (inet_interfaces, proxy_interfaces) before it ' +
    'connects to port 25, and bounces the mail: "mail for 127.0.0.3 loops back to myself", whatever the instances are ' +
    'called. The next hop must be an address that is not its own, or another port.',
  check(scene) {
    return enabled(scene).flatMap((each) => {
      const hops = findHops(each, scene.host).filter(({port}) => port === 25)
      const own = hops.length === 0 ? [] : ownAddresses(each, scene.host)
      return hops
        .filter(({addresses, transport}) => transport !== null && addresses.some((address) => own.includes(address)))
        .map(({named, nexthop, at}) => ({
          instances: [each.config_directory],
          at,
          message: `${label(each)} sends to ${nexthop} (${named}), which is its own address: the mail bounces as a loop`,
          suggestions: [`postmulti instances get ${label(each)} inet_interfaces proxy_interfaces`],
        }))
    })
  },
}
