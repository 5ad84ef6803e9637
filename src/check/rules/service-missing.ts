/**
 * Every service that an instance needs is in its master.cf, and runs. What comes of it where one is missing was tried on
 * Postfix 3.7, with each of them. Source: master.cf as Postfix ships it; postconf(5), "..._service_name".
 */

import {suggest} from '../../model/base/suggestion.ts'
import type {Severity} from '../../model/change/finding.ts'
import {label} from '../../model/instance/instance.ts'
import {isDisabled} from '../../model/master-cf/listeners.ts'
import type {ServiceLine} from '../../model/master-cf/services.ts'
import {stockServices} from '../../model/master-cf/stock-services.ts'
import type {CheckedInstance} from '../../model/survey/check-input.ts'
import {
  enabled,
  type Flaw,
  oncePerList,
  type Rule,
  runningServices,
  suggestEdit,
  suggestSwitchingOn,
  words,
} from '../rule.ts'

export const serviceMissing: Rule = {
  id: 'service-missing',
  severity: 'error',
  because:
    "Postfix's programs ask each other by the services of master.cf. Where one is missing, in the wrong class (private " +
    'or not), or switched off by master_service_disable, the others wait for it: without cleanup(8) or ' +
    'trivial-rewrite(8) no mail comes in, without qmgr(8) none goes out, without bounce(8) what cannot be delivered ' +
    'stays in the queue, without proxymap(8) smtpd(8) does not even greet. A service without which mail flows is a ' +
    'warning, and one that nothing uses in this configuration is advice.',
  check(input) {
    return enabled(input).flatMap((each) => {
      const running = runningServices(each)
      const missing = servicesMissing(each, running)
      return [
        ...missing.flatMap((need) => (need.severity === 'advice' ? [] : (describeNeed(need, each) ?? []))),
        ...describeUnused(
          missing.filter(({severity}) => severity === 'advice'),
          each,
        ),
      ]
    })
  },
}

/** A service that somebody looks for. */
interface SoughtService {
  name: string
  /** The first is that of the stock line. */
  types: readonly string[]
  isPrivate: boolean
  /** NAME=TYPE...: as postconf -M takes it. */
  line: string
}

interface Need extends SoughtService, Harm {}

function isServed({name, types, isPrivate}: SoughtService, running: readonly ServiceLine[]): boolean {
  return running.some((each) => each.name === name && types.includes(each.type) && (each.private !== 'n') === isPrivate)
}

function describeNeed({name, types, line, severity, effect}: Need, subject: CheckedInstance): Flaw | undefined {
  const [type = ''] = types
  const disable = subject.parameter('master_service_disable')
  const same = subject.services.filter((each) => each.name === name && types.includes(each.type))
  const off = same.find((each) => isDisabled(each.name, each.type, disable))
  // It may be so on purpose.
  if (off !== undefined && severity !== 'error') return undefined
  const file = `${subject.config_directory}/master.cf`
  const flaw = {instances: [subject.config_directory], severity}
  if (off !== undefined) {
    return {
      ...flaw,
      at: {file, line: off.line},
      message: `${label(subject)} has ${name}/${off.type} switched off by master_service_disable: ${effect}`,
      suggestions: [suggestSwitchingOn(subject, `${name}/${off.type}`)],
    }
  }
  const [other] = same
  return {
    ...flaw,
    at: {file, line: other?.line ?? null},
    message:
      other === undefined
        ? `${label(subject)} has no ${name}/${type} in its master.cf: ${effect}`
        : `${label(subject)} has ${name}/${other.type} with private = ${other.private}, where nobody looks for it: ${effect}`,
    suggestions: [
      other === undefined
        ? suggest`postconf -c ${subject.config_directory} -M ${`${name}/${type}=${line}`}`
        : suggestEdit(subject, 'master.cf'),
    ],
  }
}

function describeUnused(unused: readonly Need[], subject: CheckedInstance): Flaw[] {
  const {services} = subject
  const gone = unused.filter(
    ({name, types}) => !services.some((each) => each.name === name && types.includes(each.type)),
  )
  const names = gone.map(({name, types}) => `${name}/${types[0]}`)
  if (names.length === 0) return []
  return [
    {
      instances: [subject.config_directory],
      severity: 'advice',
      at: {file: `${subject.config_directory}/master.cf`, line: null},
      message: `${label(subject)} has no ${names.join(', ')} in its master.cf: nothing uses ${names.length === 1 ? 'it' : 'them'} now`,
      suggestions: gone.map(({name, types, line}) => {
        return suggest`postconf -c ${subject.config_directory} -M ${`${name}/${types[0]}=${line}`}`
      }),
    },
  ]
}

/** Parameters by which Postfix asks for another service than the one of this name. */
const otherParameters: Readonly<Record<string, string>> = {
  qmgr: 'queue_service_name',
  scache: 'connection_cache_service_name',
  verify: 'address_verify_service_name',
}

/** Those of the stock ones that are missing, and what more postscreen(8) needs. */
function servicesMissing(subject: CheckedInstance, running: readonly ServiceLine[]): Need[] {
  const {settings} = subject
  const isRenamed = stockServices.some(({name}) => settings.has(parameterOf(name)))
  const gone = isRenamed
    ? findGone(running, (name) => subject.parameter(parameterOf(name)) || name)
    : goneByStockNames(running)
  return [
    ...gone.map(({stock, ...each}) => ({...each, ...harmOf(stock, subject, running)})),
    ...neededByPostscreen(subject, running).filter((need) => !isServed(need, running)),
  ]
}

interface Gone extends SoughtService {
  /** What the stock one is called. */
  stock: string
}

const goneByStockNames = oncePerList((running) => findGone(running, (name) => name))

function findGone(running: readonly ServiceLine[], nameOf: (stock: string) => string): Gone[] {
  return stockServices.flatMap(({name, type, line}) => {
    const types = name === 'pickup' || name === 'qmgr' ? [type, 'fifo'] : [type]
    const isPrivate = line.split(' ')[2] !== 'n'
    const asked = [nameOf(name), ...running.flatMap((each) => each.settings.get(parameterOf(name)) ?? [])]
    return [...new Set(asked)].flatMap((each) => {
      const one = {stock: name, name: each, types, isPrivate, line: line.replace(name, each)}
      return each.includes('$') || isServed(one, running) ? [] : one
    })
  })
}

/** By which Postfix asks for another service than the one of this name. */
function parameterOf(name: string): string {
  return otherParameters[name] ?? `${name}_service_name`
}

interface Harm {
  severity: Severity
  effect: string
}

const unused: Harm = {severity: 'advice', effect: ''}

function harmOf(name: string, subject: CheckedInstance, running: readonly ServiceLine[]): Harm {
  const uses = (...commands: string[]): boolean => running.some(({command}) => commands.includes(command))
  const error = (effect: string): Harm => ({severity: 'error', effect})
  const warning = (effect: string): Harm => ({severity: 'warning', effect})
  switch (name) {
    case 'cleanup':
    case 'rewrite':
      return error('no mail comes in')
    case 'qmgr':
      return error('no mail goes out')
    case 'bounce':
      return error('mail that cannot be delivered stays in the queue, and its sender is not told')
    case 'pickup':
      return subject.parameter('authorized_submit_users') === ''
        ? unused
        : error('mail by sendmail(1) stays in maildrop')
    case 'postlog':
      return subject.parameter('maillog_file') === '' ? unused : error('it does not start with a maillog_file')
    case 'proxymap':
      return usesProxy(subject, running) ? error('programs that need a proxy: table wait for ever') : unused
    case 'proxywrite':
      return ['address_verify_map', 'postscreen_cache_map'].some((each) => isProxied(subject.parameter(each)))
        ? warning('the cache behind proxy: cannot be written')
        : unused
    case 'tlsmgr':
      return harmWithoutTls(subject, running)
    case 'verify':
      return [subject, ...running].some((each) => isVerifying(each))
        ? error('clients that reject_unverified_sender or reject_unverified_recipient looks at hang')
        : unused
    case 'flush':
      return subject.parameter('fast_flush_domains') === '' ? unused : warning('ETRN and sendmail -qR do nothing')
    case 'defer':
      return warning('why mail is delayed is not kept for mailq(1) and for delay warnings')
    case 'trace':
      return warning('mail for which a report of success is wanted stays in the queue')
    case 'error':
      return warning('mail that should bounce at once stays in the queue')
    case 'retry':
      return warning('mail for a destination that is down is not set aside')
    case 'showq':
      return warning('mailq(1) shows the queue to root alone')
    case 'anvil':
      return uses('smtpd') ? warning('smtpd(8) holds none of its limits for each client') : unused
    case 'scache':
      return uses('smtp') ? warning('smtp(8) opens a connection for each message') : unused
    default:
      // hop-to-nowhere tells those that mail takes.
      return unused
  }
}

function isVerifying({settings}: CheckedInstance | ServiceLine): boolean {
  return [...settings.values()].some((each) => {
    return /\breject_unverified_(?:sender|recipient)\b/.test(typeof each === 'string' ? each : each.value)
  })
}

function isProxied(value: string): boolean {
  return /(?:^|[\s,{])proxy:/.test(value)
}

/** What others read through proxymap(8) are lists of tables that it may open. */
const notUsers = ['proxy_read_maps', 'proxy_write_maps', 'address_verify_map', 'postscreen_cache_map']

function usesProxy(subject: CheckedInstance, running: readonly ServiceLine[]): boolean {
  const set = [...subject.settings.keys()].filter((each) => !notUsers.includes(each) && each !== 'local_recipient_maps')
  const ofServer = running
    .filter(({command}) => command === 'smtpd')
    .map(({settings}) => settings.get('local_recipient_maps') ?? subject.parameter('local_recipient_maps'))
  const options = running.flatMap(({settings}) =>
    [...settings].flatMap(([name, value]) => (notUsers.includes(name) ? [] : value)),
  )
  return [...set.map((each) => subject.parameter(each)), ...ofServer, ...options].some(isProxied)
}

function harmWithoutTls(subject: CheckedInstance, running: readonly ServiceLine[]): Harm {
  const levels = ['smtpd', 'smtp', 'lmtp'].flatMap((program) =>
    running
      .filter(({command}) => command === program)
      .map(({settings}) => {
        const name = `${program}_tls_security_level`
        return {program, level: settings.get(name) ?? subject.parameter(name)}
      }),
  )
  const forced = levels.find(({level}) => /^(?:encrypt|dane-only|fingerprint|verify|secure)$/.test(level))
  if (forced !== undefined) {
    return {severity: 'error', effect: `${forced.program}(8) must use TLS (${forced.level}) and cannot`}
  }
  const wished = levels.find(({level}) => /^(?:may|dane)$/.test(level))
  return wished === undefined ? unused : {severity: 'warning', effect: `${wished.program}(8) goes on without TLS`}
}

/** Where it stands at the door, others are needed that a stock master.cf has in comments. */
function neededByPostscreen(subject: CheckedInstance, running: readonly ServiceLine[]): Need[] {
  const door = running.find(({command}) => command === 'postscreen')
  if (door === undefined) return []
  const smtpd = door.settings.get('smtpd_service_name') ?? (subject.parameter('smtpd_service_name') || 'smtpd')
  const need = (name: string, type: string, line: string, severity: Severity, effect: string): Need => {
    return {name, types: type === 'pass' ? [type, 'unix'] : [type], isPrivate: true, line, severity, effect}
  }
  const isListed = words(subject.parameter('postscreen_dnsbl_sites')).length > 0
  const level = subject.parameter('postscreen_tls_security_level') || subject.parameter('smtpd_tls_security_level')
  return [
    need(smtpd, 'pass', `${smtpd} pass - - n - - smtpd`, 'error', 'no client that postscreen(8) lets pass is served'),
    ...(isListed
      ? [need('dnsblog', 'unix', 'dnsblog unix - - n - 0 dnsblog', 'warning', 'postscreen(8) asks no DNS list')]
      : []),
    ...(/^(?:may|encrypt)$/.test(level)
      ? [need('tlsproxy', 'unix', 'tlsproxy unix - - n - 0 tlsproxy', 'warning', 'postscreen(8) has no TLS')]
      : []),
  ]
}
