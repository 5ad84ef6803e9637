/** No instance sends to itself over port 25. Source: smtp_find_self() in smtp_addr.c, which looks at port 25 alone. */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {Rule} from '../rule.ts'
import {waysOf} from '../ways.ts'

export const hopToSelf: Rule = {
  id: 'hop-to-self',
  severity: 'error',
  because:
    'Before smtp(8) connects to port 25, it checks whether the next hop is an address of its own instance ' +
    '(inet_interfaces, proxy_interfaces). If so, the mail bounces: "mail for 127.0.0.3 loops back to myself", ' +
    'whatever the instances are called. The next hop must be an address of another instance, or another port.',
  check(input, mailFlow) {
    const ways = waysOf(input, mailFlow, ({trouble}) => trouble?.kind === 'itself')
    return ways.map(({from, edge, named, at}) => ({
      instances: [from.config_directory],
      at,
      message: `${label(from)} sends to ${edge.trouble!.place} (${named}), which is its own address: the mail bounces as a loop`,
      suggestions: [suggest`postmulti instances get ${operandOf(from)} inet_interfaces proxy_interfaces`],
    }))
  },
}
