/** Instances that write their log themselves have a file each. Source: MAILLOG_README, "Rotating"; measured. */

import {suggest} from '../../model/base/suggestion.ts'
import {operandOf} from '../../model/instance/instance.ts'
import {type Rule, whereSet} from '../rule.ts'

export const maillogShared: Rule = {
  id: 'maillog-shared',
  severity: 'warning',
  because:
    'It works until postmulti -p logrotate: the second instance finds the file already renamed and ends with status ' +
    '1. From then on, records of the others go into a file that is gone: mail can neither be followed nor explained.',
  check({instances}) {
    const writers = Map.groupBy(
      instances.filter((each) => each.parameter('maillog_file').startsWith('/var')),
      (each) => each.parameter('maillog_file'),
    )
    return [...writers].flatMap(([file, [first, second, ...more]]) => {
      if (first === undefined || second === undefined) return []
      const others = [second, ...more]
      const named = others.filter((each) => each.multi_instance_name !== '')
      return {
        instances: [first, ...others].map((each) => each.config_directory),
        at: whereSet(second, 'maillog_file'),
        message: `${others.length + 1} instances write to ${file}: a logrotate of them loses records`,
        suggestions:
          named.length === 0
            ? []
            : [suggest`postmulti instances set ${named.map(operandOf)} maillog_file=/var/log/$multi_instance_name.log`],
      }
    })
  },
}
