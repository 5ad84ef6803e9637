/** What main.cf and the -o settings of master.cf set means something. Source: postconf(1), "unused parameter". */

import {groupBy} from '../../model/base/group-by.ts'
import {operands, suggest} from '../../model/base/suggestion.ts'
import {operandOf} from '../../model/instance/instance.ts'
import type {ServiceLine} from '../../model/master-cf/services.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {type Flaw, placeOfService, type Rule, runningServices, whereSet} from '../rule.ts'

export const unknownParameter: Rule = {
  id: 'unknown-parameter',
  severity: 'warning',
  because: 'Postfix ignores a name that it does not know, so a misspelt parameter silently keeps its default.',
  check({instances, host}) {
    const misspelt = instances.flatMap((instance) =>
      [...instance.settings].flatMap(([name, {value}]) => (instance.isUsed(name) ? [] : [{name, value, instance}])),
    )
    return [
      ...[...groupBy(misspelt, ({name}) => name).values()].map((all) => describeUnknown(all, host)),
      ...instances.flatMap((each) => runningServices(each).flatMap((service) => unknownOptions(service, each, host))),
    ]
  },
}

function unknownOptions(service: ServiceLine, instance: CheckedInstance, host: CheckHost): Flaw[] {
  return [...service.settings.keys()].flatMap((name) => {
    if (instance.isUsed(name)) return []
    const [meant] = host.nearestParameters(name)
    return {
      instances: [instance.config_directory],
      at: placeOfService(instance, service),
      message: `There is no parameter ${name}, so -o ${name} of ${service.name}/${service.type} has no effect${meant === undefined ? '' : `: did you mean ${meant}?`}`,
      suggestions: [suggest`postmulti instances edit ${operandOf(instance)} --master`],
    }
  })
}

interface Misspelt {
  name: string
  value: string
  instance: CheckedInstance
}

function describeUnknown(all: [Misspelt, ...Misspelt[]], host: CheckHost): Flaw {
  const [{name, value, instance}] = all
  const [meant] = host.nearestParameters(name)
  const target = operandOf(instance)
  return {
    instances: all.map((each) => each.instance.config_directory),
    at: whereSet(instance, name),
    message: `There is no parameter ${name}, so it has no effect${meant === undefined ? '' : `: did you mean ${meant}?`}`,
    suggestions: [
      ...(meant === undefined ? [] : [suggest`postmulti instances set ${target} ${meant}=${value}`]),
      suggest`postmulti instances unset ${operands(target, name)}`,
    ],
  }
}
