/** Services of a secondary log under its name. Source: master.cf of Postfix before 3.9, service relay. */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {placeOfService, type Rule, runningServices, secondaries} from '../rule.ts'

export const relaySyslogName: Rule = {
  id: 'relay-syslog-name',
  severity: 'advice',
  because:
    'The stock service relay has -o syslog_name=postfix/$service_name, which hides the name of the instance: ' +
    '"mta1-out postfix/relay/smtp[753]". A search of the log for postfix-out does not find mail to the inside.',
  check(input) {
    return secondaries(input).flatMap((each) => {
      const hiding = runningServices(each).filter(({settings}) => /^postfix\//.test(settings.get('syslog_name') ?? ''))
      return hiding.map((service) => ({
        instances: [each.config_directory],
        at: placeOfService(each, service),
        message: `${service.name}/${service.type} of ${label(each)} logs as ${service.settings.get('syslog_name')}, without the name of the instance`,
        suggestions: [
          suggest`postmulti instances edit ${operandOf(each)} --master`,
          suggest`postmulti plugins config syslog-name mode=on`,
        ],
      }))
    })
  },
}
