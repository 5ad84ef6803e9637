/** Beside other instances the primary only sends on what local programs hand in. Source: MULTI_INSTANCE_README, "null-client". */

import {suggest} from '../../model/base/suggestion.ts'
import {describeListener} from '../../model/master-cf/listeners.ts'
import {primaryOf, type Rule, secondaries, whereSet} from '../rule.ts'

export const primaryNotNullClient: Rule = {
  id: 'primary-not-null-client',
  severity: 'advice',
  because:
    'MULTI_INSTANCE_README makes the primary a null client: everything else is in instances that can be stopped and ' +
    'upgraded separately. A primary that listens, or delivers on this host, gets in their way.',
  check(input) {
    const primary = primaryOf(input)
    if (primary === undefined || secondaries(input).length === 0) return []
    const listener = primary.listeners.find((each) => each.enabled)
    const about = {instances: [primary.config_directory]}
    const isLocal = primary.parameter('mydestination') !== '' && !/^error:/.test(primary.parameter('local_transport'))
    return [
      ...(listener === undefined
        ? []
        : [
            {
              ...about,
              at: whereSet(primary, 'master_service_disable'),
              message: `The primary takes mail from the network at ${describeListener(listener)}`,
              suggestions: [suggest`postmulti instances set - master_service_disable=inet`],
            },
          ]),
      ...(isLocal
        ? [
            {
              ...about,
              at: whereSet(primary, 'mydestination'),
              message: 'The primary delivers mail to mailboxes of this host (mydestination)',
              suggestions: [
                [
                  ...suggest`postmulti instances set - mydestination=`,
                  'local_transport=error:5.1.1 Mailbox unavailable',
                ],
              ],
            },
          ]
        : []),
    ]
  },
}
