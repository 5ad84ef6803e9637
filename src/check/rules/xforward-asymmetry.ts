/** What one instance tells of the client, the next one takes. Source: MULTI_INSTANCE_README; XFORWARD_README. */

import {isYes} from '../../flow/address.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {enabled, type Flaw, type Rule, whereSet} from '../rule.ts'

export const xforwardAsymmetry: Rule = {
  id: 'xforward-asymmetry',
  severity: 'warning',
  because:
    'smtp_send_xforward_command tells the next SMTP server who the client was, and smtpd_authorized_xforward_hosts ' +
    'says from whom that is believed. With only one of them the log behind a filter has localhost for every client. ' +
    'smtpd_client_port_logging must be the same, too, or client ports are sent and not logged.',
  check(input) {
    const groups = Map.groupBy(
      enabled(input).filter((each) => each.multi_instance_group !== ''),
      (each) => each.multi_instance_group,
    )
    return [...groups.values()].flatMap((members): Flaw[] => {
      const sends = members.filter((each) => isYes(each.parameter('smtp_send_xforward_command')))
      const takes = members.filter((each) => each.parameter('smtpd_authorized_xforward_hosts') !== '')
      const taker = takes.find((each) => !sends.includes(each))
      return sends.flatMap((each): Flaw[] => {
        const instances = [each.config_directory]
        if (takes.length === 0 && members.length > 1) {
          const message = `${label(each)} sends XFORWARD, and no other instance of ${each.multi_instance_group} takes it: the client is not in the log behind it`
          const suggestions = members
            .filter((other) => other !== each)
            .map(
              (other) =>
                suggest`postmulti instances set ${operandOf(other)} smtpd_authorized_xforward_hosts=$mynetworks`,
            )
          return [{instances, at: whereSet(each, 'smtp_send_xforward_command'), message, suggestions}]
        }
        const port = each.parameter('smtpd_client_port_logging')
        if (taker === undefined || taker.parameter('smtpd_client_port_logging') === port) return []
        const message = `${label(each)} has smtpd_client_port_logging = ${port}, and ${label(taker)}, which takes its XFORWARD, does not`
        const suggestions = [suggest`postmulti instances set ${operandOf(taker)} smtpd_client_port_logging=${port}`]
        return [
          {
            instances: [...instances, taker.config_directory],
            at: whereSet(each, 'smtpd_client_port_logging'),
            message,
            suggestions,
          },
        ]
      })
    })
  },
}
