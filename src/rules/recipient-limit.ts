/** A filter gets each message once. Source: MULTI_INSTANCE_README, smtp_destination_recipient_limit. */
import {label} from '../model/instance.ts'
import {findHops, isLocal} from './hops.ts'
import {enabled, placeOf, type Rule} from './rule.ts'

export const recipientLimit: Rule = {
  id: 'recipient-limit',
  severity: 'advice',
  because:
    'A message with more recipients than TRANSPORT_destination_recipient_limit (50) is handed to the filter in pieces, ' +
    'and filtered as often. Up to smtpd_recipient_limit (1000) recipients come in together.',
  check(scene) {
    return enabled(scene).flatMap((each) => {
      const hops = findHops(each, scene.host).filter(
        ({named, addresses, port}) =>
          /content_filter$|default_transport$/.test(named) &&
          port !== 25 &&
          addresses.length > 0 &&
          addresses.every((address) => isLocal(address, scene.host)),
      )
      const wanted = Number(each.parameter('smtpd_recipient_limit'))
      const few = hops.filter(({transport}) => {
        const limit = each.parameter(`${transport}_destination_recipient_limit`)
        return Number(limit || each.parameter('default_destination_recipient_limit')) < wanted
      })
      const unique = new Map(few.map((hop) => [hop.transport, hop]))
      return [...unique.values()].map(({transport, nexthop, at}) => ({
        instances: [each.config_directory],
        at: placeOf(each, `${transport}_destination_recipient_limit`) ?? at,
        message: `${label(each)} hands messages to the filter at ${nexthop} in pieces of fewer than ${wanted} recipients: they are filtered several times`,
        suggestions: [`postmulti instances set ${label(each)} ${transport}_destination_recipient_limit=${wanted}`],
      }))
    })
  },
}
