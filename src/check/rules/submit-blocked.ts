/** Local programs can hand in mail where they are expected to. Source: postconf(5), authorized_submit_users. */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {enabled, type Rule, whereSet} from '../rule.ts'

export const submitBlocked: Rule = {
  id: 'submit-blocked',
  severity: 'advice',
  because:
    'With authorized_submit_users empty, sendmail refuses everybody: "User root(0) is not allowed to submit mail". ' +
    'That is right for an instance that only relays, but sendmail -bv and cron do not work there. If it is the ' +
    'primary, no program of this host can send mail.',
  check(input) {
    return enabled(input)
      .filter((each) => each.parameter('authorized_submit_users') === '')
      .map((each) => ({
        instances: [each.config_directory],
        at: whereSet(each, 'authorized_submit_users'),
        severity: each.primary ? ('warning' as const) : ('advice' as const),
        message: `${label(each)} takes mail from no program of this host, not even from root`,
        suggestions: [suggest`postmulti instances set ${operandOf(each)} authorized_submit_users=root`],
      }))
  },
}
