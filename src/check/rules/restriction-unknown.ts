/** Words in lists of restrictions are restrictions. Source: generic_checks() in smtpd_check.c, "unknown smtpd restriction". */

import {operands, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {nearest} from '../../model/instance/nearest.ts'
import {restrictionLists} from '../../model/master-cf/lookup-tables.ts'
import {listWords} from '../../model/master-cf/services.ts'
import type {CheckedInstance} from '../../model/survey/check-input.ts'
import {classesOf, restrictionWords, unknownWords, type Written, writtenFor} from '../restrictions.ts'
import {type Flaw, type Rule, suggestEdit} from '../rule.ts'

export const restrictionUnknown: Rule = {
  id: 'restriction-unknown',
  severity: 'error',
  because:
    'When smtpd(8) comes to a word that is no restriction, no restriction class and no table, it answers "451 4.3.5 Server ' +
    'configuration error" and logs "unknown smtpd restriction". The mail waits at the other side. Words behind permit, ' +
    'reject or defer are not read.',
  check({instances}) {
    return instances.flatMap((each) => {
      const lists = writtenFor(each, restrictionLists)
      const classes = lists.flatMap(({value, isRead}) => (isRead ? listWords(value) : []))
      const definitions = writtenFor(each, listWords(each.parameter('smtpd_restriction_classes')))
      return [
        ...lists.flatMap((written) => findMisspelt(each, written)),
        ...definitions.flatMap((written) =>
          findMisspelt(each, {...written, isRead: written.isRead && classes.includes(written.name)}),
        ),
      ]
    })
  },
}

function findMisspelt(
  subject: CheckedInstance,
  {name, value, at, service, isRead}: Written & {isRead: boolean},
): Flaw[] {
  const classes = classesOf(subject, service)
  const list = subject.expanded(value, service?.settings)
  if (classes === undefined || list === undefined) return []
  const known = [...restrictionWords, ...classes.keys()]
  return unknownWords(list, classes).map((word) => {
    const near = nearest(word, known)
    const [meant] = near.length === 1 ? near : []
    const isPlain = service === undefined && value === list && meant !== undefined
    const corrected = listWords(list).map((each) => (each === word ? meant : each))
    return {
      instances: [subject.config_directory],
      ...(isRead ? {} : {severity: 'warning' as const}),
      at,
      message: `${service === undefined ? name : `-o ${name} of ${service.name}/${service.type}`} of ${label(subject)} has ${word}, which is no restriction${meant === undefined ? '' : `: did you mean ${meant}?`}${isRead ? ' smtpd(8) answers 451 when it comes to it' : ''}`,
      suggestions: [
        isPlain
          ? suggest`postmulti instances set ${operands(operandOf(subject), `${name}=${corrected.join(', ')}`)}`
          : suggestEdit(subject, service === undefined ? 'main.cf' : 'master.cf'),
      ],
    }
  })
}
