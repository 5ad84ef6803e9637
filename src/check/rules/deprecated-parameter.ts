/**
 * What main.cf and master.cf set will still be there in a later Postfix. The installed postconf(1) says what will not, and
 * what takes its place; for a primary postmulti(1) does not ask it. Source: DEPRECATION_README; postconf_unused.c.
 */

import {isYes} from '../../flow/address.ts'
import {operands, type Suggestion, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {CheckedInstance, CheckInput} from '../../model/survey/check-input.ts'
import {type Flaw, placeOfService, type Rule, whereSet} from '../rule.ts'

export const deprecatedParameter: Rule = {
  id: 'deprecated-parameter',
  severity: 'warning',
  because:
    'Postfix says which parameters it is going to drop. From then on they have no effect, without a warning: with ' +
    'smtpd_use_tls = yes, for example, the server then has no TLS.',
  check(input) {
    return input.instances.flatMap((each) => [...inMainCf(each, input), ...inMasterCf(each, input)])
  },
}

function inMainCf(subject: CheckedInstance, {host}: CheckInput): Flaw[] {
  return [...subject.settings].flatMap(([name, {value}]) => {
    const successor = host.successorOf(name)
    if (successor === undefined) return []
    return {
      instances: [subject.config_directory],
      at: whereSet(subject, name),
      message: `${label(subject)} sets ${name}, which Postfix is going to drop${instead(successor)}`,
      suggestions: [
        ...suggestSuccessor(name, value, successor, subject),
        suggest`postmulti instances unset ${operands(operandOf(subject), name)}`,
      ],
    }
  })
}

function inMasterCf(subject: CheckedInstance, {host}: CheckInput): Flaw[] {
  return subject.services.flatMap((service) =>
    [...service.settings.keys()].flatMap((name) => {
      const successor = host.successorOf(name)
      if (successor === undefined) return []
      return {
        instances: [subject.config_directory],
        at: placeOfService(subject, service),
        message: `${service.name}/${service.type} of ${label(subject)} sets ${name}, which Postfix is going to drop${instead(successor)}`,
        suggestions: [suggest`postmulti instances edit ${operandOf(subject)} --master`],
      }
    }),
  )
}

function instead(successor: string | null): string {
  return successor === null ? '' : `: ${successor} takes its place`
}

/** Where it is known which value means the same, and nothing says otherwise already. */
function suggestSuccessor(
  name: string,
  value: string,
  successor: string | null,
  subject: CheckedInstance,
): Suggestion[] {
  if (successor === null || subject.settings.has(successor)) return []
  const same = isTlsSwitch(name) ? levelOf(name, subject) : renamedParameters.has(name) ? value : undefined
  return same === undefined
    ? []
    : [suggest`postmulti instances set ${operands(operandOf(subject), `${successor}=${same}`)}`]
}

function isTlsSwitch(name: string): boolean {
  return /_(?:use|enforce)_tls$/.test(name)
}

/** Source: TLS_README, the sections about the security levels of the client and of the server. */
function levelOf(name: string, subject: CheckedInstance): string | undefined {
  if (!isYes(subject.parameter(name))) return undefined
  if (name.endsWith('_use_tls')) return 'may'
  const client = /^(smtp|lmtp)_/.exec(name)?.[1]
  return client !== undefined && isYes(subject.parameter(`${client}_tls_enforce_peername`)) ? 'verify' : 'encrypt'
}

/** With the meaning and the values that they had. */
const renamedParameters = new Set([
  'authorized_verp_clients',
  'fallback_relay',
  'postscreen_blacklist_action',
  'postscreen_dnsbl_ttl',
  'postscreen_dnsbl_whitelist_threshold',
  'postscreen_whitelist_interfaces',
  'smtpd_client_connection_limit_exceptions',
  'virtual_maps',
])
