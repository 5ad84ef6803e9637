/** A service stands in master.cf once. Source: master_config() in master_conf.c, "duplicate master.cf entry". */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {withoutBrackets} from '../../model/master-cf/listeners.ts'
import type {ServiceLine} from '../../model/master-cf/services.ts'
import type {CheckedInstance} from '../../model/survey/check-input.ts'
import {oncePerList, placeOfService, type Rule, runningServices} from '../rule.ts'

export const serviceTwice: Rule = {
  id: 'service-twice',
  severity: 'warning',
  because:
    'Of two lines of master.cf with one name and type, the last one counts, with its program and its -o settings; the ' +
    'first one has no effect. smtp and 25, or 127.0.0.1:25 and [127.0.0.1]:25, are one name.',
  check({instances}) {
    return instances.flatMap((each) => {
      const running = runningServices(each)
      // What is no listener is the same for all.
      const suspects = [...overridden(running), ...(inetServices(running).length > 1 ? overriddenListeners(each) : [])]
      return suspects.map(({service, by}) => ({
        instances: [each.config_directory],
        at: placeOfService(each, service),
        message: `${label(each)} has ${service.name}/${service.type} again in line ${by.line}, which takes the place of this one`,
        suggestions: [suggest`postmulti instances edit ${operandOf(each)} --master`],
      }))
    })
  },
}

interface Overridden {
  service: ServiceLine
  by: ServiceLine
}

const inetServices = oncePerList((services) => services.filter(({type}) => type === 'inet'))

/** What master(8) keeps apart by type, class and name. */
const overridden = oncePerList((services) => {
  const others = services.filter(({type}) => type !== 'inet')
  return findOverridden(others, (each) => `${each.type} ${each.private === 'n' ? 'public' : 'private'} ${each.name}`)
})

/** By address and port, each in one spelling. */
function overriddenListeners(subject: CheckedInstance): Overridden[] {
  const ports = new Map(subject.listeners.map(({service, port}) => [service, port]))
  return findOverridden(inetServices(runningServices(subject)), ({name, type}) => {
    const [, host = ''] = /^(.*):[^:]*$/.exec(name) ?? []
    return `${withoutBrackets(host)} ${ports.get(`${name}/${type}`) ?? name}`
  })
}

function findOverridden(services: readonly ServiceLine[], endpointOf: (service: ServiceLine) => string): Overridden[] {
  const last = new Map(services.map((each) => [endpointOf(each), each]))
  return services.flatMap((service) => {
    const by = last.get(endpointOf(service))
    return by === undefined || by === service ? [] : {service, by}
  })
}
