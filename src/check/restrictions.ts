/**
 * Lists of restrictions, and the words in them. Source: generic_checks(), has_required() and smtpd_check_parse() in
 * smtpd_check.c; the words are the same in Postfix 3.5 to 3.11.
 */
import {listWords, type ServiceLine} from '../model/master-cf/services.ts'
import type {CheckedInstance} from '../model/survey/check-input.ts'
import {type FileLine, placeOfService, runningServices, whereSet} from './rule.ts'

/** Those that the next word belongs to. */
const takingAWord = new Set(
  `check_ccert_access check_client_a_access check_client_access check_client_mx_access check_client_ns_access
  check_etrn_access check_helo_a_access check_helo_access check_helo_mx_access check_helo_ns_access check_policy_service
  check_recipient_a_access check_recipient_access check_recipient_mx_access check_recipient_ns_access
  check_reverse_client_hostname_a_access check_reverse_client_hostname_access check_reverse_client_hostname_mx_access
  check_reverse_client_hostname_ns_access check_sasl_access check_sender_a_access check_sender_access
  check_sender_mx_access check_sender_ns_access permit_dnswl_client permit_rhswl_client reject_rbl reject_rbl_client
  reject_rhsbl_client reject_rhsbl_helo reject_rhsbl_recipient reject_rhsbl_reverse_client reject_rhsbl_sender sleep`.split(
    /\s+/,
  ),
)

const standingAlone = new Set(
  `check_recipient_maps check_relay_domains defer defer_if_permit defer_if_reject defer_unauth_destination permit
  permit_auth_destination permit_inet_interfaces permit_mx_backup permit_mynetworks permit_naked_ip_address
  permit_sasl_authenticated permit_tls_all_clientcerts permit_tls_clientcerts reject
  reject_authenticated_sender_login_mismatch reject_invalid_helo_hostname reject_invalid_hostname
  reject_known_sender_login_mismatch reject_maps_rbl reject_multi_recipient_bounce reject_non_fqdn_helo_hostname
  reject_non_fqdn_hostname reject_non_fqdn_recipient reject_non_fqdn_sender reject_plaintext_session
  reject_sender_login_mismatch reject_unauth_destination reject_unauth_pipelining
  reject_unauthenticated_sender_login_mismatch reject_unknown_address reject_unknown_client
  reject_unknown_client_hostname reject_unknown_helo_hostname reject_unknown_hostname reject_unknown_recipient_domain
  reject_unknown_reverse_client_hostname reject_unknown_sender_domain reject_unlisted_recipient reject_unlisted_sender
  reject_unverified_recipient reject_unverified_sender warn_if_reject`.split(/\s+/),
)

export const restrictionWords: readonly string[] = [...standingAlone, ...takingAWord]

/** One of them smtpd(8) wants to see before others may be relayed for. */
const rejecting = new Set([
  'reject_unauth_destination',
  'defer_unauth_destination',
  'reject',
  'defer',
  'defer_if_permit',
  'check_relay_domains',
])

/** Definitions of restriction classes, expanded, by name; undefined where one is not certain. */
export type Classes = ReadonlyMap<string, string | undefined>

/** Words that are no restriction, no class and no table, as far as smtpd(8) comes. */
export function unknownWords(list: string, classes: Classes): string[] {
  const all = listWords(list)
  const unknown: string[] = []
  for (let at = 0; at < all.length; at++) {
    const word = all[at] ?? ''
    const name = word.toLowerCase()
    if (takingAWord.has(name)) at++
    else if (/^(?:permit|reject|defer)$/.test(name) && all[at - 1]?.toLowerCase() !== 'warn_if_reject') break
    else if (!standingAlone.has(name) && !classes.has(word) && !/[:{]/.test(word)) unknown.push(word)
  }
  return unknown
}

/** Whether smtpd(8) finds a rejecting word; undefined where that is not certain. */
export function isRejecting(list: string, classes: Classes, seen: readonly string[] = []): boolean | undefined {
  const all = listWords(list)
  let isSure = true
  for (let at = 0; at < all.length; at++) {
    const word = all[at] ?? ''
    const name = word.toLowerCase()
    if (name === 'warn_if_reject' && at + 1 < all.length) at++
    else if (name === 'permit') break
    else if (rejecting.has(name)) return true
    else if (classes.has(word) && !seen.includes(word)) {
      const definition = classes.get(word)
      const found = definition === undefined ? undefined : isRejecting(definition, classes, [...seen, word])
      if (found === true) return true
      if (found === undefined) isSure = false
    }
  }
  return isSure ? false : undefined
}

/** What is set of it, for a service or in main.cf, and where. */
export interface Written {
  name: string
  /** Unexpanded. */
  value: string
  at: FileLine | undefined
  /** Undefined for main.cf. */
  service: ServiceLine | undefined
}

/** Of these parameters: what the services of smtpd(8) that run get, each place once, and what none of them gets. */
export function writtenFor(subject: CheckedInstance, names: readonly string[]): (Written & {isRead: boolean})[] {
  const smtpds = smtpdsOf(subject)
  return names.flatMap((name) => {
    const setting = subject.settings.get(name)
    const own = smtpds.flatMap((service) => {
      const value = service.settings.get(name)
      return value === undefined ? [] : [{name, value, at: placeOfService(subject, service), service, isRead: true}]
    })
    if (setting === undefined) return own
    const ofMainCf = {name, value: setting.value, at: whereSet(subject, name), service: undefined}
    return [{...ofMainCf, isRead: own.length < smtpds.length}, ...own]
  })
}

export function smtpdsOf(subject: CheckedInstance): ServiceLine[] {
  return runningServices(subject).filter(({command}) => command === 'smtpd')
}

/** As a service has them; undefined where their list is not certain. */
export function classesOf(subject: CheckedInstance, service: ServiceLine | undefined): Classes | undefined {
  const names = valueFor(subject, service, 'smtpd_restriction_classes')
  if (names === undefined) return undefined
  return new Map(listWords(names).map((name) => [name, valueFor(subject, service, name)]))
}

/** Expanded, the default as well; undefined where it is not certain. */
export function valueFor(subject: CheckedInstance, service: ServiceLine | undefined, name: string): string | undefined {
  const written = service?.settings.get(name) ?? subject.settings.get(name)?.value
  return written === undefined ? subject.parameter(name) : subject.expanded(written, service?.settings)
}
