/** master(8) lives in the control group of its unit. Source: systemd.kill(5); logind.conf(5), KillUserProcesses. */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {Rule} from '../rule.ts'
import {unitInput} from '../units.ts'

export const outsideItsUnit: Rule = {
  id: 'outside-its-unit',
  severity: 'warning',
  because:
    'systemd neither sees nor stops an instance that was started outside its unit. The instance ends together with ' +
    'what started it: a login, a timer, cron.',
  check(input) {
    const found = unitInput(input)
    if (found === undefined || found.units.layout === 'one unit') return []
    return found.all.flatMap(({subject, unit, atBoot}) => {
      const master = atBoot && unit.name !== undefined ? input.host.masterOf(subject) : undefined
      if (master == null) return []
      const where = input.host.unitOf(master.pid)
      if (where === undefined || where === unit.name) return []
      return {
        instances: [subject.config_directory],
        message: `${label(subject)} runs in ${where}, and not in ${unit.name}: it ends with that`,
        suggestions: [suggest`postmulti instances restart ${operandOf(subject)}`],
      }
    })
  },
}
