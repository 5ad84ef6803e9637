/** A service stands in master.cf once. Source: master_config() in master_conf.c, "duplicate master.cf entry". */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {withoutBrackets} from '../../model/master-cf/listeners.ts'
import type {ServiceLine} from '../../model/master-cf/services.ts'
import type {CheckedInstance} from '../../model/survey/check-input.ts'
import {placeOfService, type Rule, runningServices} from '../rule.ts'

export const serviceTwice: Rule = {
  id: 'service-twice',
  severity: 'warning',
  because:
    'Of two lines of master.cf with one name and type, the last one counts, with its program and its -o settings; the ' +
    'first one has no effect. smtp and 25, or 127.0.0.1:25 and [127.0.0.1]:25, are one name.',
  check({instances}) {
    return instances.flatMap((each) => {
      const running = runningServices(each)
      return running.flatMap((service, at) => {
        const twin = running.slice(at + 1).findLast((other) => endpointOf(other, each) === endpointOf(service, each))
        if (twin === undefined) return []
        const message = `${label(each)} has ${service.name}/${service.type} again in line ${twin.line}, which takes the place of this one`
        return {
          instances: [each.config_directory],
          at: placeOfService(each, service),
          message,
          suggestions: [suggest`postmulti instances edit ${operandOf(each)} --master`],
        }
      })
    })
  },
}

/** What master(8) keeps apart: type, class, and an address and port in one spelling. */
function endpointOf(service: ServiceLine, {listeners}: CheckedInstance): string {
  const {name, type} = service
  if (type !== 'inet') return `${type} ${service.private === 'n' ? 'public' : 'private'} ${name}`
  const found = listeners.find((each) => each.service === `${name}/${type}`)
  const [, host = ''] = /^(.*):[^:]*$/.exec(name) ?? []
  return `inet ${withoutBrackets(host)} ${found?.port ?? name}`
}
