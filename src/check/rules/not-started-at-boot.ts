/** Enabled instances start at boot. Source: NEWS.Debian of postfix 3.9.1-7; systemd.unit(5), "[INSTALL] SECTION OPTIONS". */

import {type Suggestion, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {CheckedInstance, CheckInput} from '../../model/survey/check-input.ts'
import {planFiles} from '../../model/units/unit-files.ts'
import {describeUnitless, dropInOf, linkOf, staleDropIns, unitFiles} from '../../model/units/units.ts'
import {enabled, type Flaw, type Rule} from '../rule.ts'
import {type Unified, type UnitInput, unitInput} from '../units.ts'

export const notStartedAtBoot: Rule = {
  id: 'not-started-at-boot',
  severity: 'error',
  because:
    'After a reboot an enabled instance does not run, and its mail waits until somebody starts it: since Debian 13, ' +
    'systemd starts only the instances whose units are linked into multi-user.target.wants. Seen on gateways ' +
    'upgraded from Debian 12 to 13.',
  check(input) {
    const found = unitInput(input)
    if (found === undefined) return describeUnknownUnits(input)
    const missing = found.all.filter(({subject, atBoot}) => subject.multi_instance_enable && !atBoot)
    const {units} = found
    // Then it is postfix.service that is not linked, and all wait for it.
    const isOfAll = ({subject, unit}: Unified): boolean =>
      unit.name !== undefined &&
      (subject.primary || units.layout !== 'by directory') &&
      !units.masked.includes(unit.name)
    const ofAll = missing.filter(isOfAll)
    return [
      ...(ofAll.length === 0 ? [] : [withoutPostfix(ofAll.map(({subject}) => subject))]),
      ...missing.filter((each) => !isOfAll(each)).map((each) => describeNotStarted(each, found)),
    ]
  },
}

function describeUnknownUnits(input: CheckInput): Flaw[] {
  const units = input.host.units()
  const instances = enabled(input).map(({config_directory}) => config_directory)
  if (units === undefined || instances.length === 0) return []
  const message = `Whether systemd starts instances at boot is not known: ${units.told}`
  return [{instances, message, severity: 'warning'}]
}

function withoutPostfix(subjects: readonly CheckedInstance[]): Flaw {
  return {
    instances: subjects.map(({config_directory}) => config_directory),
    message: 'postfix.service is not enabled, so systemd starts no instance with it at boot',
    suggestions: [suggest`systemctl enable postfix.service`],
  }
}

function describeNotStarted({subject, unit}: Unified, {units, list}: UnitInput): Flaw {
  const {config_directory} = subject
  const instances = [config_directory]
  if (unit.name === undefined) {
    return {instances, message: describeUnitless(subject, unit.why), suggestions: nameRemedy(subject)}
  }
  if (units.masked.includes(unit.name)) {
    const remedy = [suggest`systemctl unmask ${unit.name}`]
    return {instances, message: describeUnitless(subject, `${unit.name} is masked`), suggestions: remedy}
  }
  const paths = [linkOf(unit.name), dropInOf(unit.name), ...staleDropIns(list, units)]
  const {steps, warnings} = planFiles(paths, unitFiles(list, units), units)
  const [obstacle] = warnings
  if (obstacle !== undefined) return {instances, message: describeUnitless(subject, obstacle)}
  return {
    instances,
    message: `${label(subject)} is enabled, and systemd does not start it at boot: ${unit.name} is not enabled`,
    suggestions: [suggest`postmulti instances enable ${operandOf(subject)}`],
    fix: steps,
  }
}

function nameRemedy({config_directory, multi_instance_name}: CheckedInstance): Suggestion[] {
  if (multi_instance_name === '') {
    const proposed = config_directory.replace(/.*\//s, '').replace(/^(?!postfix-)/, 'postfix-')
    return [suggest`postmulti instances assign ${config_directory} --name ${proposed}`]
  }
  return [suggest`ls -ld ${config_directory}`]
}
