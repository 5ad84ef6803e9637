/** With secondary instances, the primary must be enabled to start. Source: postmulti(1); measured. */

import {suggest} from '../../model/base/suggestion.ts'
import {primaryOf, type Rule, secondaries, whereSet} from '../rule.ts'

export const primaryDisabled: Rule = {
  id: 'primary-disabled',
  severity: 'warning',
  because:
    'postfix start starts the secondary instances and silently skips the primary: mail from cron and other users of ' +
    'sendmail stays in maildrop, and postmulti refuses to create instances.',
  check(input) {
    const primary = primaryOf(input)
    if (primary === undefined || primary.multi_instance_enable || secondaries(input).length === 0) return []
    return [
      {
        instances: [primary.config_directory],
        at: whereSet(primary, 'multi_instance_enable') ?? whereSet(primary, 'multi_instance_directories'),
        message: 'The primary is not enabled: mail of this host stays in its maildrop',
        suggestions: [suggest`postmulti instances enable -`],
      },
    ]
  },
}
