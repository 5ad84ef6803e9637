/**
 * Mail leaves by the address that smtp_bind_address says. Source: smtp_connect_addr() in smtp_connect.c; postconf(5),
 * smtp_bind_address and smtp_bind_address_enforce; tried on Postfix 3.7.
 */

import {suggest} from '../../model/base/suggestion.ts'
import {label} from '../../model/instance/instance.ts'
import {withoutBrackets} from '../../model/master-cf/listeners.ts'
import type {ServiceLine} from '../../model/master-cf/services.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {familyOf, isSpoken} from '../addresses.ts'
import {
  enabled,
  type FileLine,
  type Flaw,
  onceEach,
  placeOfSetting,
  type Rule,
  runningServices,
  suggestEdit,
  words,
} from '../rule.ts'

export const bindAddress: Rule = {
  id: 'bind-address',
  severity: 'error',
  because:
    'An address that no interface has is no fault for smtp(8): "bind 203.0.113.5: Cannot assign requested address" is a ' +
    'warning, and mail leaves by another address, which SPF, DNS or the next firewall do not know. With ' +
    'smtp_bind_address_enforce the mail waits. Of what is no address smtp(8) dies. smtp_bind_address is for IPv4 ' +
    'alone: mail to hosts with IPv6 takes smtp_bind_address6.',
  check(input) {
    return enabled(input).flatMap((each) => {
      return onceEach(clientsOf(each).flatMap((service) => examineClient(each, service, input.host)))
    })
  },
}

function clientsOf(subject: CheckedInstance): ServiceLine[] {
  return runningServices(subject).filter(({type, command}) => type === 'unix' && /^(?:smtp|lmtp)$/.test(command))
}

interface Bound {
  parameter: string
  address: string
  named: string
  at: FileLine | undefined
  file: 'main.cf' | 'master.cf'
}

function examineClient(subject: CheckedInstance, service: ServiceLine, host: CheckHost): Flaw[] {
  const protocols = subject.expanded('$inet_protocols', service.settings)
  if (protocols === undefined) return []
  const [v4, v6] = (['', '6'] as const).map((each) => boundTo(subject, service, `bind_address${each}`))
  const wrong = [v4, v6].flatMap((each, at) =>
    each ? examineAddress(subject, service, each, at === 0, protocols, host) : [],
  )
  const areSpoken = ['0.0.0.0', '::'].every((each) => isSpoken(each, protocols))
  return wrong.length > 0 || v4 === undefined || v6 !== undefined || !areSpoken
    ? wrong
    : examineOther(subject, v4, host)
}

/** Undefined where nothing is set, or what is set cannot be told. */
function boundTo(subject: CheckedInstance, service: ServiceLine, suffix: string): Bound | undefined {
  const parameter = `${service.command}_${suffix}`
  const isOfService = service.settings.has(parameter)
  const address = withoutBrackets(subject.expanded(`$${parameter}`, service.settings) ?? '')
  if (address === '') return undefined
  const place = placeOfSetting(subject, parameter, isOfService ? service : undefined)
  return {parameter, address, ...place, file: isOfService ? 'master.cf' : 'main.cf'}
}

function examineAddress(
  subject: CheckedInstance,
  service: ServiceLine,
  {parameter, address, named, at, file}: Bound,
  isV4: boolean,
  protocols: string,
  host: CheckHost,
): Flaw[] {
  if (!isSpoken(isV4 ? '0.0.0.0' : '::', protocols) || address.includes('%')) return []
  const isRight = familyOf(address) === (isV4 ? 'ipv4' : 'ipv6')
  if (isRight && host.canBind(address) !== false) return []
  const enforce = `${service.command}_bind_address_enforce`
  const isEnforced = subject.expanded(`$${enforce}`, service.settings)?.toLowerCase() === 'yes'
  const becomes = isEnforced ? 'mail is deferred' : 'mail leaves by another address'
  const what = isRight
    ? `which no interface of this host has: ${becomes}`
    : `which is no ${isV4 ? 'IPv4' : 'IPv6'} address: smtp(8) dies ("bad ${parameter} parameter"), and mail waits`
  return [
    {
      instances: [subject.config_directory],
      at,
      message: `${label(subject)} sends from ${address} (${named}), ${what}`,
      suggestions: [suggest`ip -brief address`, suggestEdit(subject, file)],
    },
  ]
}

/** Where there is IPv6, and inet_interfaces does not say from where. */
function examineOther(subject: CheckedInstance, {parameter, address, named, at, file}: Bound, host: CheckHost): Flaw[] {
  const interfaces = words(subject.expanded('$inet_interfaces') ?? '').map(withoutBrackets)
  const isKnown = interfaces.every((each) => each === 'all' || each === 'loopback-only' || familyOf(each) !== undefined)
  const ofV6 = interfaces.filter((each) => familyOf(each) === 'ipv6' && each !== '::1')
  // An address that everybody reaches.
  const isReached = /^[23][\da-f]{31} [\da-f]+ [\da-f]+ 00 /m.test(host.text('/proc/net/if_inet6') ?? '')
  if (address.startsWith('127.') || !isKnown || interfaces.length === 0 || ofV6.length === 1 || !isReached) return []
  return [
    {
      instances: [subject.config_directory],
      severity: 'warning',
      at,
      message: `${label(subject)} sends from ${address} (${named}), but ${parameter}6 is empty: to hosts with IPv6 mail leaves by another address`,
      suggestions: [suggest`ip -brief -6 address`, suggestEdit(subject, file)],
    },
  ]
}
