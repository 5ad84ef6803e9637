/** Each service has a program, and a line that the program takes. Source: daemons.ts; pipe(8); spawn(8). */

import {onceAsked} from '../../model/base/once.ts'
import {suggest} from '../../model/base/suggestion.ts'
import type {Severity} from '../../model/change/finding.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {nearest} from '../../model/instance/nearest.ts'
import {type Attributes, readAttributes} from '../../model/master-cf/attributes.ts'
import {daemonNames, findDaemonFault} from '../../model/master-cf/daemons.ts'
import {readOptions} from '../../model/master-cf/options.ts'
import {readServiceLines, type ServiceLine} from '../../model/master-cf/services.ts'
import {stockServices} from '../../model/master-cf/stock-services.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {enabled, type Flaw, oncePerList, placeOfService, primaryOf, type Rule, runningServices} from '../rule.ts'

export const serviceDies: Rule = {
  id: 'service-dies',
  severity: 'error',
  because:
    'A daemon ends at once when its program is not there, when an -o setting has a blank at its =, when a word behind ' +
    'its settings means nothing to it, when maxproc or unprivileged is not what it needs, or when user= of pipe(8) or ' +
    'spawn(8) is not there, is root or is the mail_owner. master(8) starts it again every minute, and whoever waits ' +
    'for it waits: mail stays in the queue, clients hang. A service that nothing uses is only a warning, and one that ' +
    "stands so in Postfix's own master.cf.proto is none.",
  check(input, mailFlow) {
    const {host} = input
    const stock = onceAsked(() => {
      const directory = primaryOf(input)?.parameter('meta_directory') ?? ''
      return new Set(readServiceLines(host.text(`${directory}/master.cf.proto`) ?? '').map(contentOf))
    })
    const onTheWay = onceAsked(() => new Set(mailFlow().flow.edges.map(({from, transport}) => `${from} ${transport}`)))
    const faultsOf = oncePerList((services, beside) => {
      const of = new Map(Object.entries<string>(JSON.parse(beside)))
      return services.flatMap((service) => {
        const fault = findFault(service, of, host)
        return fault === undefined ? [] : {service, fault}
      })
    })
    return enabled(input).flatMap((each) => {
      const beside = Object.fromEntries(decisiveParameters.map((name) => [name, each.parameter(name)]))
      const faults = faultsOf(runningServices(each), JSON.stringify(beside))
      const named = onceAsked(() => transportsNamedIn(each))
      return faults.flatMap(({service, fault}) => {
        const {name} = service
        const isUsed = isAlwaysUsed(service) || named().has(name) || onTheWay().has(`${each.config_directory} ${name}`)
        if (!isUsed && stock().has(contentOf(service))) return []
        return describeFlaw(service, each, fault, isUsed ? 'error' : 'warning')
      })
    })
  },
}

/** Of main.cf. */
const decisiveParameters = ['daemon_directory', 'default_process_limit', 'mail_owner'] as const

type Decisive = ReadonlyMap<string, string>

interface Ending {
  reason: string
  /** Something else than the daemon ends. */
  effect?: string
}

function describeFlaw(service: ServiceLine, subject: CheckedInstance, fault: Ending, severity: Severity): Flaw {
  const {reason, effect = 'dies as soon as it is started'} = fault
  return {
    instances: [subject.config_directory],
    at: placeOfService(subject, service),
    message: `${service.name}/${service.type} of ${label(subject)} ${effect}: ${reason}`,
    severity,
    suggestions: [suggest`postmulti instances edit ${operandOf(subject)} --master`],
  }
}

function findFault(service: ServiceLine, of: Decisive, host: CheckHost): Ending | undefined {
  // service-invalid says it.
  if (service.fault !== undefined || service.command === '-') return undefined
  const program = `${of.get('daemon_directory')}/${service.command}`
  const found = host.look(program)
  if (found === null) {
    const [meant] = nearest(service.command, daemonNames)
    return {reason: `${program} is not there${meant === undefined ? '' : `: did you mean ${meant}?`}`}
  }
  if (found && (found.kind !== 'file' || (found.mode & 0o111) === 0)) return {reason: `${program} cannot be run`}
  const reason = findDaemonFault(service, of.get('default_process_limit') ?? '')
  if (reason !== undefined) return {reason}
  const {command, words} = service
  if (command !== 'pipe' && command !== 'spawn') return undefined
  return findAccountFault(readAttributes(command, readOptions(words).rest), of.get('mail_owner') ?? '', host)
}

function findAccountFault(
  {user = '', group, ...run}: Attributes,
  mail_owner: string,
  host: CheckHost,
): Ending | undefined {
  const uid = host.userId(user)
  if (uid === undefined) return {reason: `there is no user ${user}`}
  if (uid === 0) return {reason: `it may not run a program as ${user}, who is root`}
  if (uid === host.userId(mail_owner)) return {reason: `it may not run a program as ${user}, who is the mail_owner`}
  const gid = group === undefined ? undefined : host.groupId(group)
  if (group !== undefined && gid === undefined) return {reason: `there is no group ${group}`}
  if (gid === 0) return {reason: `it may not run a program with the group ${group}, which is root's`}
  const {directory, chroot, argv: [program = ''] = []} = run
  for (const path of [directory, chroot]) {
    if (path?.startsWith('/') && chroot === undefined && host.look(path) === null) {
      return {effect: 'defers all its mail', reason: `${path} is not there`}
    }
  }
  // In another root it is another file.
  if (!program.startsWith('/') || chroot !== undefined || host.look(program) !== null) return undefined
  return {effect: 'can run nothing', reason: `${program} is not there`}
}

/** Clients come to it, or Postfix itself asks it. */
function isAlwaysUsed({name, type}: ServiceLine): boolean {
  if (type === 'inet' || type === 'pass') return true
  return stockServices.some((each) => each.name === name && each.type === type && !each.isTransport)
}

/** As transports, or as sockets; what only looks like one makes it worse than it is. */
function transportsNamedIn({settings, services}: CheckedInstance): Set<string> {
  const values = [
    ...[...settings.values()].map(({value}) => value),
    ...services.flatMap((each) => [...each.settings.values()]),
  ]
  const words = values.flatMap((each) => each.split(/[\s,{}=]+/))
  return new Set(words.map((each) => each.replace(/^unix:private\//, '').replace(/:.*$/s, '')))
}

function contentOf({name, type, command, words}: ServiceLine): string {
  return JSON.stringify([name, type, command, words])
}
