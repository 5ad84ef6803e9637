/** What a rule is, and what rules have in common. Nothing in this directory touches the host. */
import type {MailFlow} from '../flow/mail-flow.ts'
import {type Suggestion, suggest} from '../model/base/suggestion.ts'
import type {RuleCard, Severity} from '../model/change/finding.ts'
import type {Step} from '../model/change/plan.ts'
import {byRight} from '../model/instance/claims.ts'
import {operandOf} from '../model/instance/instance.ts'
import {isDisabled} from '../model/master-cf/listeners.ts'
import type {ServiceLine} from '../model/master-cf/services.ts'
import type {CheckedInstance, CheckInput} from '../model/survey/check-input.ts'

export interface Rule extends RuleCard {
  severity: Severity
  /** Each place where it is broken. `mailFlow` is drawn when a rule first asks for it. */
  check(input: CheckInput, mailFlow: () => MailFlow): Flaw[]
}

export interface Flaw {
  /** config_directories. */
  instances: string[]
  message: string
  at?: FileLine | undefined
  suggestions?: readonly Suggestion[]
  /** Only where there is one safe answer, and nothing is lost by it: docs/check.md says why. */
  fix?: Step[] | undefined
  /** Where it is less bad than the rule usually is, or worse. */
  severity?: Severity
}

export interface FileLine {
  file: string
  line: number | null
}

/** Where main.cf sets a parameter; undefined where it does not. */
export function whereSet({config_directory, settings}: CheckedInstance, parameter: string): FileLine | undefined {
  const line = settings.get(parameter)?.line
  return line === undefined ? undefined : {file: `${config_directory}/main.cf`, line}
}

export function placeOfService({config_directory}: CheckedInstance, {line}: ServiceLine): FileLine {
  return {file: `${config_directory}/master.cf`, line}
}

/** What people call a setting of a service, or without one that of main.cf, and where it stands. */
export function placeOfSetting(
  subject: CheckedInstance,
  parameter: string,
  service: ServiceLine | undefined,
): {named: string; at: FileLine | undefined} {
  return service === undefined
    ? {named: parameter, at: whereSet(subject, parameter)}
    : {named: `${service.name}/${service.type}: ${parameter}`, at: placeOfService(subject, service)}
}

export function suggestEdit(subject: CheckedInstance, file: 'main.cf' | 'master.cf'): Suggestion {
  const target = operandOf(subject)
  return file === 'main.cf'
    ? suggest`postmulti instances edit ${target}`
    : suggest`postmulti instances edit ${target} --master`
}

/** To master_service_disable, of which the first word that matches counts. */
export function suggestSwitchingOn(subject: CheckedInstance, service: string): Suggestion {
  const disable = `!${service} ${subject.parameter('master_service_disable')}`
  return suggest`postmulti instances set ${operandOf(subject)} master_service_disable=${disable}`
}

/** What main.cf says is the same for all services that get it. */
export function onceEach(flaws: readonly Flaw[]): Flaw[] {
  return [...new Map(flaws.map((each) => [`${each.at?.file} ${each.at?.line} ${each.message}`, each])).values()]
}

/** Without those that are switched off. The same list for instances that have the same. */
export function runningServices(subject: CheckedInstance): readonly ServiceLine[] {
  return runningOf(subject.services, subject.parameter('master_service_disable'))
}

const runningOf = oncePerList((services, disable) =>
  disable === '' ? services : services.filter(({name, type}) => !isDisabled(name, type, disable)),
)

/** Most instances have one and the same master.cf: what is computed of it and of `beside` alone is computed once. */
export function oncePerList<Result>(
  compute: (services: readonly ServiceLine[], beside: string) => Result,
): (services: readonly ServiceLine[], beside?: string) => Result {
  const known = new WeakMap<readonly ServiceLine[], Map<string, {result: Result}>>()
  return (services, beside = '') => {
    const ofList = known.get(services) ?? new Map<string, {result: Result}>()
    known.set(services, ofList)
    const found = ofList.get(beside) ?? {result: compute(services, beside)}
    ofList.set(beside, found)
    return found.result
  }
}

export function enabled({instances}: CheckInput): CheckedInstance[] {
  return instances.filter((each) => each.multi_instance_enable)
}

export function secondaries({instances}: CheckInput): CheckedInstance[] {
  return instances.filter((each) => !each.primary)
}

/** Of two that claim one name or directory the one with the better right comes first. */
export function inOrderOfRight(input: CheckInput): CheckedInstance[] {
  return [...input.instances.filter((each) => each.primary), ...byRight(secondaries(input))]
}

export function primaryOf({instances}: CheckInput): CheckedInstance | undefined {
  return instances.find((each) => each.primary)
}

export function words(value: string): string[] {
  return value.split(/[\s,]+/).filter((each) => each !== '')
}
