/** master(8) takes every line of master.cf. Source: get_master_ent(), whose every complaint ends master(8). */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {findStartFault} from '../../model/master-cf/start-fault.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {oncePerList, placeOfService, type Rule, runningServices} from '../rule.ts'

export const serviceInvalid: Rule = {
  id: 'service-invalid',
  severity: 'error',
  because:
    'An instance does not start when one line of its master.cf has a field that master(8) does not take, or a brace ' +
    'without its end. At a reload master(8) dies of it, and mail stops. postfix(1) says only "mail system startup ' +
    'failed"; the reason is in the log, if anywhere. Lines that master_service_disable switches off are skipped, but ' +
    'postconf(1), which postfix(1) asks before, reads them, too.',
  check({instances, host}) {
    return instances.flatMap((each) => {
      const running = runningServices(each)
      return doubtful(each.services).flatMap((service) => {
        const found = findStartFault(service, (name) => hasPort(name, each, host))
        if (found === undefined || !(found.isAlways || running.includes(service))) return []
        return {
          instances: [each.config_directory],
          at: placeOfService(each, service),
          message: `${label(each)} does not start because of ${service.name}/${service.type}: ${found.reason}`,
          suggestions: [suggest`postmulti instances edit ${operandOf(each)} --master`],
        }
      })
    })
  },
}

/** Those that have something wrong, or would have if nobody knew the port. */
const doubtful = oncePerList((services) =>
  services.filter((each) => findStartFault(each, (name) => /^\d+$/.test(name))),
)

/** As getaddrinfo(3) finds it; undefined where others than files may know it. From 3.6 on Postfix knows some itself. */
function hasPort(name: string, subject: CheckedInstance, host: CheckHost): boolean | undefined {
  if (/^\d+$/.test(name)) return true
  const known = subject.parameter('known_tcp_ports').split(/[\s,=]+/)
  const listener = subject.listeners.find(
    ({service}) => service === `${name}/inet` || service.endsWith(`:${name}/inet`),
  )
  if (known.includes(name) || (listener !== undefined && listener.port !== null)) return true
  const [, sources = ''] = /^\s*services:(.*)$/m.exec(host.text('/etc/nsswitch.conf') ?? '') ?? []
  return /^(?:\s|db\b|files\b)*$/.test(sources) ? false : undefined
}
