/** What `systemctl stop postfix` stops, `systemctl start postfix` does not start. Source: PartOf= in postfix@.service. */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {primaryOf, type Rule} from '../rule.ts'
import {unitInput} from '../units.ts'

export const leftStopped: Rule = {
  id: 'left-stopped',
  severity: 'warning',
  because:
    'systemctl stop postfix stops all instances, and since Debian 13 systemctl start postfix starts the primary alone: the ' +
    'others stay stopped until the next boot. (systemctl restart postfix brings them back.)',
  check(input) {
    const found = unitInput(input)
    const primary = primaryOf(input)
    if (found?.units.layout !== 'by directory' || primary === undefined || !input.host.masterOf(primary)) return []
    return found.all.flatMap(({subject, atBoot}) => {
      if (!atBoot || !subject.multi_instance_enable || input.host.masterOf(subject) !== null) return []
      return {
        instances: [subject.config_directory],
        message: `${label(subject)} is enabled and does not run, although the primary does`,
        suggestions: [suggest`postmulti instances start ${operandOf(subject)}`],
      }
    })
  },
}
