/** Units start in the order of the instance list. Source: systemd.unit(5), "After="; postmulti(1), "start". */

import {suggest} from '../../model/base/suggestion.ts'
import {toLatin1} from '../../model/base/text.ts'
import {label} from '../../model/instance/instance.ts'
import {planFiles} from '../../model/units/unit-files.ts'
import {dropInOf, staleDropIns, unitFiles} from '../../model/units/units.ts'
import type {Rule} from '../rule.ts'
import {unitInput} from '../units.ts'

export const unitOrder: Rule = {
  id: 'unit-order',
  severity: 'warning',
  because:
    'systemd starts all units at once, unless drop-ins order them. Without the order of the instance list, senders ' +
    'start before their receivers. A drop-in of a unit that no instance has any more has no effect.',
  check(input) {
    const found = unitInput(input)
    if (found === undefined) return []
    const {units, list, all} = found
    const files = unitFiles(list, units)
    const wrong = all.flatMap(({subject, unit, atBoot}) => {
      if (unit.name === undefined || !atBoot) return []
      const path = dropInOf(unit.name)
      const wanted = files.get(path)
      if (wanted == null || units.dropIns.get(path)?.text === toLatin1(wanted)) return []
      const message = `${path} does not say after which instance ${label(subject)} starts`
      return {instances: [subject.config_directory], ...mend(path, message)}
    })
    const stale = staleDropIns(list, units).map((path) => {
      return {instances: [], ...mend(path, `${path} has no effect: no instance has that unit and that order`)}
    })
    return [...wrong, ...stale]

    function mend(path: string, message: string) {
      const {steps, warnings} = planFiles([path], files, units)
      const suggestions = [suggest`postmulti check --fix --rule unit-order`]
      const [warning] = warnings
      return warning === undefined ? {message, fix: steps, suggestions} : {message: warning}
    }
  },
}
