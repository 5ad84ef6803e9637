/** Values are of the kind that their parameters take, in main.cf and with -o in master.cf. Source: mail_conf_bool.c and its like. */

import {operands, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {describeWhoEnds, endsAt, judgeValue, type Misfit} from '../../model/master-cf/judge-value.ts'
import type {ServiceLine} from '../../model/master-cf/services.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {type Flaw, placeOfService, type Rule, runningServices, whereSet} from '../rule.ts'

export const badValue: Rule = {
  id: 'bad-value',
  severity: 'error',
  because:
    'A program of Postfix that reads a value of another kind than it wants ends at once: "fatal: bad boolean ' +
    'configuration: smtpd_tls_auth_only = true". master(8) starts it again every minute, and meanwhile no mail passes. ' +
    'Values of parameters that Postfix has newly got are compared with their defaults: that is a guess, and a warning.',
  check({instances, host}) {
    return instances.flatMap((each) => [
      ...judgeMainCf(each, host),
      ...runningServices(each).flatMap((line) => judgeService(each, line, host)),
    ])
  },
}

function judgeMainCf(subject: CheckedInstance, host: CheckHost): Flaw[] {
  return [...subject.settings].flatMap(([name, {value}]) => {
    const expanded = subject.expanded(value)
    const misfit = expanded === undefined ? undefined : judgeValue(name, expanded, host.defaultOf)
    if (expanded === undefined || misfit === undefined) return []
    const ending = misfit.certain ? programsThatEnd(name, misfit, subject) : []
    return {
      instances: [subject.config_directory],
      ...(ending.length === 0 ? {severity: 'warning' as const} : {}),
      at: whereSet(subject, name),
      message: `${name} of ${label(subject)} is ${quote(expanded)}, and ${describe(misfit)}${comes(misfit, ending)}`,
      suggestions: [
        misfit.meant !== undefined && value === expanded
          ? suggest`postmulti instances set ${operands(operandOf(subject), `${name}=${misfit.meant}`)}`
          : suggest`postmulti instances unset ${operands(operandOf(subject), name)}`,
      ],
    }
  })
}

function judgeService(subject: CheckedInstance, line: ServiceLine, host: CheckHost): Flaw[] {
  return [...line.settings].flatMap(([name, value]) => {
    const expanded = subject.expanded(value, line.settings)
    const misfit = expanded === undefined ? undefined : judgeValue(name, expanded, host.defaultOf)
    if (expanded === undefined || misfit === undefined) return []
    // What its program does not read does no harm.
    const ending = endsAt(misfit, line.command) && !isUnread(misfit, subject, line) ? [line.command] : []
    if (misfit.certain && ending.length === 0) return []
    return {
      instances: [subject.config_directory],
      ...(misfit.certain ? {} : {severity: 'warning' as const}),
      at: placeOfService(subject, line),
      message: `${line.name}/${line.type} of ${label(subject)} has -o ${name}=${value}, and ${describe(misfit)}${comes(misfit, ending)}`,
      suggestions: [suggest`postmulti instances edit ${operands(operandOf(subject))} --master`],
    }
  })
}

/** Those in master.cf that take the value of main.cf; '*' where all programs do. */
function programsThatEnd(name: string, misfit: Misfit, subject: CheckedInstance): string[] {
  if (misfit.readers.includes('*')) return ['*']
  const ending = runningServices(subject).filter((line) => {
    return endsAt(misfit, line.command) && !line.settings.has(name) && !isUnread(misfit, subject, line)
  })
  return [...new Set(ending.map(({command}) => command))]
}

function isUnread({unless}: Misfit, subject: CheckedInstance, {settings}: ServiceLine): boolean {
  if (unless === undefined) return false
  const [name, value] = unless
  return (settings.get(name) ?? subject.parameter(name)) === value
}

function describe({readers, certain, allowed}: Misfit): string {
  return readers.length === 0 || !certain ? `it should be ${allowed}` : `it must be ${allowed}`
}

function comes({certain}: Misfit, ending: readonly string[]): string {
  return certain && ending.length > 0 ? `: ${describeWhoEnds(ending)}` : ''
}

function quote(value: string): string {
  return value === '' ? 'empty' : `'${value}'`
}
