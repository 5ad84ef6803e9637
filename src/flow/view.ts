/** What the flow of mail is computed from: values alone, which src/postfix/survey/flow-host.ts reads. */
import type {Instance} from '../model/instance/instance.ts'
import type {Listener} from '../model/master-cf/listeners.ts'

export interface Service {
  name: string
  type: string
  /** The program, then its arguments; -o settings expanded. */
  command: readonly string[]
}

/** One instance. */
export interface View extends Instance {
  /** Expanded; those of `flowParameters`. */
  parameters: Readonly<Record<string, string>>
  services: readonly Service[]
  listeners: readonly Listener[]
  /** It believes what some clients say with XFORWARD: filters are such clients. */
  trustsXforward: boolean
}

/** The host around them. */
export interface Network {
  /** Addresses of its interfaces. */
  own: readonly string[]
  /** What /etc/hosts has for a name in lower case. */
  addressesOf(name: string): readonly string[]
  portOf(service: string): number | null
  /** Where anybody listens now, as ADDRESS PORT, with 0.0.0.0 and :: for all addresses; null when it cannot be seen. */
  open: ReadonlySet<string> | null
}

/** Keys are in lower case. Null, or undefined for one key: it cannot be told. */
export interface Tables {
  entries(table: string, of: View): ReadonlyMap<string, string> | null
  find(table: string, key: string, of: View): string | null | undefined
}

export interface FlowHost {
  /** Primary first, in start order. */
  views: readonly View[]
  network: Network
  tables: Tables
}

/** What must be read of each instance. All of them are in Postfix 3.4. */
export const flowParameters = [
  'allow_percent_hack',
  'append_at_myorigin',
  'append_dot_mydomain',
  'authorized_submit_users',
  'canonical_maps',
  'content_filter',
  'default_transport',
  'empty_address_default_transport_maps_lookup_key',
  'empty_address_relayhost_maps_lookup_key',
  'fallback_transport',
  'inet_interfaces',
  'inet_protocols',
  'lmtp_fallback_relay',
  'lmtp_tcp_port',
  'local_transport',
  'mailbox_transport',
  'master_service_disable',
  'mydestination',
  'mydomain',
  'myhostname',
  'myorigin',
  'non_smtpd_milters',
  'parent_domain_matches_subdomains',
  'propagate_unmatched_extensions',
  'proxy_interfaces',
  'receive_override_options',
  'recipient_canonical_maps',
  'recipient_delimiter',
  'relay_domains',
  'relay_transport',
  'relayhost',
  'relocated_maps',
  'resolve_numeric_domain',
  'sender_canonical_maps',
  'sender_dependent_default_transport_maps',
  'sender_dependent_relayhost_maps',
  'smtp_fallback_relay',
  'smtpd_client_restrictions',
  'smtpd_data_restrictions',
  'smtpd_end_of_data_restrictions',
  'smtpd_helo_restrictions',
  'smtpd_milters',
  'smtpd_proxy_filter',
  'smtpd_recipient_restrictions',
  'smtpd_relay_restrictions',
  'smtpd_sender_restrictions',
  'swap_bangpath',
  'transport_maps',
  'virtual_alias_domains',
  'virtual_alias_maps',
  'virtual_mailbox_domains',
  'virtual_transport',
] as const

export type FlowParameter = (typeof flowParameters)[number]

/** Lists are separated by blanks or commas; what is in braces belongs together. */
export function listItems(list: string): string[] {
  return list.match(listItem) ?? []
}

/** pipemap:{inline:{{key = value}}} has braces in braces in braces. */
const listItem = (() => {
  const inner = String.raw`\{[^{}]*\}`
  const outer = String.raw`\{(?:[^{}]|${inner})*\}`
  return new RegExp(String.raw`(?:\{(?:[^{}]|${outer})*\}|[^\s,{}])+`, 'g')
})()
