/** smtpd(8) has a word that rejects mail for others. Source: postconf(5), smtpd_relay_restrictions; fail_required() in smtpd_check.c. */

import {operands, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {listWords, type ServiceLine} from '../../model/master-cf/services.ts'
import type {CheckedInstance} from '../../model/survey/check-input.ts'
import {classesOf, isRejecting, smtpdsOf, valueFor} from '../restrictions.ts'
import {type FileLine, type Flaw, placeOfService, type Rule, whereSet} from '../rule.ts'

const [relay, recipient] = ['smtpd_relay_restrictions', 'smtpd_recipient_restrictions'] as const

export const restrictionMissing: Rule = {
  id: 'restriction-missing',
  severity: 'error',
  because:
    'Where neither smtpd_relay_restrictions nor smtpd_recipient_restrictions has a word that rejects, such as ' +
    'reject_unauth_destination, smtpd(8) ends at each connection: "fatal: in parameter smtpd_relay_restrictions or ' +
    'smtpd_recipient_restrictions, specify at least one working instance of ...". Clients wait, and get no answer. ' +
    'A word behind permit, or behind warn_if_reject, does not count.',
  check({instances}) {
    return instances.flatMap((each) => {
      const bad = smtpdsOf(each).filter((service) => lacksRejection(each, service))
      const [first] = bad.filter((service) => !isItsOwn(service))
      return [
        ...bad.filter(isItsOwn).map((service) => describeOpen(each, service, placeOfService(each, service))),
        ...(first === undefined ? [] : [describeOpen(each, first, whereSet(each, relay) ?? whereSet(each, recipient))]),
      ]
    })
  },
}

/** Whether the service sets one of the two for itself. */
function isItsOwn({settings}: ServiceLine): boolean {
  return settings.has(relay) || settings.has(recipient)
}

function lacksRejection(subject: CheckedInstance, service: ServiceLine): boolean {
  const classes = classesOf(subject, service)
  return [relay, recipient].every((name) => {
    const list = valueFor(subject, service, name)
    return classes !== undefined && list !== undefined && isRejecting(list, classes) === false
  })
}

function describeOpen(subject: CheckedInstance, service: ServiceLine, at: FileLine | undefined): Flaw {
  const list = subject.settings.get(relay)?.value ?? ''
  const target = operandOf(subject)
  // Behind permit, one more would not count.
  const isOpen = listWords(list).length > 0 && !/(?:^|[\s,])permit(?:[\s,]|$)/i.test(list)
  const longer = suggest`postmulti instances set ${operands(target, `${relay}=${list}, reject_unauth_destination`)}`
  const usual = suggest`postmulti instances unset ${operands(target, subject.settings.has(relay) ? relay : recipient)}`
  return {
    instances: [subject.config_directory],
    at,
    message: `Neither ${relay} nor ${recipient} of ${label(subject)} has a word that rejects, for ${service.name}/${service.type}: smtpd(8) ends at each connection`,
    suggestions: [
      isItsOwn(service) ? suggest`postmulti instances edit ${operands(target)} --master` : isOpen ? longer : usual,
    ],
  }
}
