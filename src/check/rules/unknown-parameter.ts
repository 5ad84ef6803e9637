/** What main.cf sets means something. Source: postconf(1), "unused parameter". */

import {operands, suggest} from '../../model/base/suggestion.ts'
import {operandOf} from '../../model/instance/instance.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {type Flaw, type Rule, whereSet} from '../rule.ts'

export const unknownParameter: Rule = {
  id: 'unknown-parameter',
  severity: 'warning',
  because:
    'Postfix takes no notice of a name that it does not know, so a misspelt parameter keeps its default, silently.',
  check({instances, host}) {
    const misspelt = new Map<string, CheckedInstance[]>()
    for (const each of instances) {
      for (const name of each.settings.keys()) {
        if (!each.isUsed(name)) misspelt.set(name, [...(misspelt.get(name) ?? []), each])
      }
    }
    return [...misspelt].map(([name, owners]) => describeUnknown(name, owners, host))
  },
}

function describeUnknown(name: string, [first, ...others]: CheckedInstance[], host: CheckHost): Flaw {
  const subjects = [first!, ...others]
  const [meant] = host.nearestParameters(name)
  const value = first!.settings.get(name)!.value
  const target = operandOf(first!)
  return {
    instances: subjects.map((each) => each.config_directory),
    at: whereSet(first!, name),
    message: `No parameter is called ${name}, so it has no effect${meant === undefined ? '' : `: did it mean ${meant}?`}`,
    suggestions: [
      ...(meant === undefined ? [] : [suggest`postmulti instances set ${target} ${meant}=${value}`]),
      suggest`postmulti instances unset ${operands(target, name)}`,
    ],
  }
}
