/** Each parameter stands once in main.cf. Source: postconf(5), "overriding earlier entry" of dict.c. */

import {operands, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {type Rule, whereSet} from '../rule.ts'

export const parameterTwice: Rule = {
  id: 'parameter-twice',
  severity: 'warning',
  because:
    'Of two lines of main.cf that set one parameter Postfix takes the last, and each of its programs warns of it in the log. ' +
    'A change in the other line has no effect.',
  check({instances}) {
    return instances.flatMap((each) =>
      each.overridden.map(({name, value, line}) => {
        const last = each.settings.get(name)
        const same = last?.value === value ? 'the same value' : 'another value'
        return {
          instances: [each.config_directory],
          ...(last?.value === value ? {severity: 'advice' as const} : {}),
          at: whereSet(each, name),
          message: `Line ${line} of main.cf of ${label(each)} sets ${name}, and line ${last?.line} sets it again: line ${line} has no effect (${same})`,
          suggestions: [suggest`postmulti instances edit ${operands(operandOf(each))}`],
        }
      }),
    )
  },
}
