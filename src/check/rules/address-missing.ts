/**
 * The addresses and host names that an enabled instance listens at, or is reached by, are there. Source: own_inet_addr.c,
 * master_ent.c, inet_listen.c; tried on Postfix 3.7.
 */

import {suggest} from '../../model/base/suggestion.ts'
import {label} from '../../model/instance/instance.ts'
import {withoutBrackets} from '../../model/master-cf/listeners.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {familyOf, isSpoken} from '../addresses.ts'
import {
  enabled,
  type FileLine,
  type Flaw,
  placeOfService,
  type Rule,
  runningServices,
  suggestEdit,
  whereSet,
  words,
} from '../rule.ts'

export const addressMissing: Rule = {
  id: 'address-missing',
  severity: 'error',
  because:
    'master(8) does not start when an address of inet_interfaces is on no interface, when a host name there or in ' +
    'master.cf has no address in the protocols of inet_protocols, or when it cannot bind to an address: postfix start ' +
    'mostly says no more than "mail system startup failed". Of a name in proxy_interfaces smtpd(8) dies. The public ' +
    'address of a NAT before this host belongs in proxy_interfaces, not in inet_interfaces.',
  check(input) {
    return enabled(input).flatMap((each) => [
      ...ofInterfaces(each, input.host),
      ...ofProxies(each, input.host),
      ...ofServices(each, input.host),
    ])
  },
}

function ofInterfaces(subject: CheckedInstance, host: CheckHost): Flaw[] {
  const value = subject.expanded('$inet_interfaces')?.toLowerCase()
  if (value === undefined || value === 'all' || value === 'loopback-only') return []
  const at = whereSet(subject, 'inet_interfaces')
  const tell = (why: string): Flaw => describeUnstarted(subject, 'inet_interfaces', value, why, at)
  const listening = runningServices(subject).find(({name, type}) => type === 'inet' && !name.includes(':'))
  if (words(value).length === 0) {
    return listening === undefined ? [] : [tell(`no valid IP address found: ${listening.name}`)]
  }
  return words(value).flatMap((word) => {
    const found = resolvePlace(word, subject, host)
    if (found === null) return [tell(`config variable inet_interfaces: host not found: ${withoutBrackets(word)}`)]
    const missing = found?.find((each) => host.hasAddress(each) === false)
    if (missing === undefined) return []
    const flaw = tell(`parameter inet_interfaces: no local interface found for ${missing}`)
    return isPrivate.test(missing)
      ? [flaw]
      : [{...flaw, message: `${flaw.message}; the address of a NAT belongs in proxy_interfaces`}]
  })
}

/** No NAT has it on its outside. */
const isPrivate = /^(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.|:/

/** Of another host: they have to be found, no more. */
function ofProxies(subject: CheckedInstance, host: CheckHost): Flaw[] {
  const value = subject.expanded('$proxy_interfaces')
  return words(value ?? '').flatMap((word) => {
    if (resolvePlace(word, subject, host) !== null) return []
    const why = `config variable proxy_interfaces: host not found: ${withoutBrackets(word)}`
    const name = label(subject)
    return {
      instances: [subject.config_directory],
      at: whereSet(subject, 'proxy_interfaces'),
      message: `${name} has proxy_interfaces = ${value}: its daemons die of it (${why})`,
      suggestions: [suggestEdit(subject, 'main.cf')],
    }
  })
}

function ofServices(subject: CheckedInstance, host: CheckHost): Flaw[] {
  return runningServices(subject).flatMap((service) => {
    const {name, type} = service
    const [, place = '', port = ''] = /^(.+):([^:\]]+)$/.exec(name) ?? []
    // What is no address or name at all, service-invalid tells.
    if (type !== 'inet' || place === '' || !isPlace(place)) return []
    const at = placeOfService(subject, service)
    const found = resolvePlace(place, subject, host)
    if (found === null)
      return [describeUnstarted(subject, `${name}/inet`, null, `bad hostname or network address: ${name}`, at)]
    const missing = found?.find((each) => host.canBind(each) === false)
    if (missing === undefined) return []
    return [
      describeUnstarted(
        subject,
        `${name}/inet`,
        null,
        `bind ${missing} port ${port}: Cannot assign requested address`,
        at,
      ),
    ]
  })
}

function isPlace(place: string): boolean {
  const bare = withoutBrackets(place)
  return familyOf(bare) !== undefined || /^(?![\d.]+$)[A-Za-z\d_](?:[\w.-]*\w)?$/.test(bare)
}

/** In the protocols that the instance speaks; null where there is none, undefined where that is not certain. */
function resolvePlace(word: string, subject: CheckedInstance, host: CheckHost): readonly string[] | null | undefined {
  const bare = withoutBrackets(word)
  const protocols = subject.expanded('$inet_protocols')
  if (protocols === undefined || bare.includes('%')) return undefined
  const found = familyOf(bare) === undefined && !/^[\d.]+$/.test(bare) ? host.addressesOf(bare) : [bare]
  if (found === null || found === undefined) return found
  const spoken = found.filter((each) => familyOf(each) !== undefined && isSpoken(each, protocols))
  return spoken.length === 0 ? null : spoken
}

function describeUnstarted(
  subject: CheckedInstance,
  what: string,
  value: string | null,
  why: string,
  at: FileLine | undefined,
): Flaw {
  const has = value === null ? what : `${what} = ${value}`
  return {
    instances: [subject.config_directory],
    at,
    message: `${label(subject)} has ${has}: it does not start (${why})`,
    suggestions: [suggest`ip -brief address`, suggestEdit(subject, value === null ? 'master.cf' : 'main.cf')],
  }
}
