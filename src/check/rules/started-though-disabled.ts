/** Disabled instances do not start at boot. Source: postfix@.service of Debian 13, which asks for no switch. */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {Rule} from '../rule.ts'
import {unitInput} from '../units.ts'

export const startedThoughDisabled: Rule = {
  id: 'started-though-disabled',
  severity: 'warning',
  because:
    'The unit of an instance starts it whatever multi_instance_enable says. After a reboot the disabled instance ' +
    'runs, and commands for enabled instances skip it.',
  check(input) {
    const found = unitInput(input)
    if (found?.units.layout !== 'by directory') return []
    return found.all.flatMap(({subject, unit, atBoot}) => {
      if (subject.primary || subject.multi_instance_enable || !atBoot) return []
      return {
        instances: [subject.config_directory],
        message: `${label(subject)} is disabled, but systemd starts it at boot: ${unit.name} is enabled`,
        suggestions: [suggest`postmulti instances disable ${operandOf(subject)}`],
      }
    })
  },
}
