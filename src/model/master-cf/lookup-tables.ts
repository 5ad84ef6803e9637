/** The lookup tables that settings name. Source: DATABASE_README, "Postfix lookup table types". */
import {type Lookup, tryExpand} from '../main-cf/expand.ts'
import {listWords} from './services.ts'

/** Something that main.cf, or a service with -o, sets. */
export interface TableSetting {
  /** NAME/TYPE of the service; null for main.cf. */
  service: string | null
  name: string
  /** Unexpanded. */
  value: string
}

export interface NamedTable {
  /** TYPE:NAME */
  table: string
  /** Where it is named; NAME/TYPE: PARAMETER for one that a service sets. */
  parameters: string[]
}

/**
 * In the order in which they are named first. It skips tables without a file or a server behind them, and
 * what only begins a name: `indexed = hash:/etc/postfix/`.
 */
export function findTables(settings: readonly TableSetting[], lookup: Lookup): NamedTable[] {
  const found = new Map<string, Set<string>>()
  for (const {service, name, value} of settings) {
    const expanded = tryExpand(value, lookup)
    for (const [, table = ''] of (typeof expanded === 'string' ? expanded : value).matchAll(tableName)) {
      if (table.endsWith('/')) continue
      const where = found.get(table) ?? new Set()
      found.set(table, where.add(service === null ? name : `${service}: ${name}`))
    }
  }
  return [...found].map(([table, parameters]) => ({table, parameters: [...parameters]}))
}

const tableTypes = 'btree|cdb|cidr|dbm|hash|ldap|lmdb|memcache|mongodb|mysql|pcre|pgsql|regexp|sdbm|sqlite|texthash'
const tableName = new RegExp(`(?<=^|[\\s,{])((?:proxy:)?(?:${tableTypes}):[^\\s,{}]+)`, 'g')

/**
 * The types of the tables that a parameter names, as far as it takes nothing but tables, or has them behind a
 * check_..._access; values of tables in braces are not looked at. Elsewhere a word with a colon may be anything.
 */
export function tableTypesIn(name: string, value: string): string[] {
  let flat = value
  for (let inner = ''; inner !== flat; ) {
    inner = flat
    flat = inner.replace(/\{[^{}]*\}/g, '')
  }
  const before = /_(?:maps?|checks|database)$/.test(name) ? '(?:^|[\\s,])' : '\\bcheck_\\w+_access[\\s,]+'
  return [...flat.matchAll(new RegExp(`${before}(?:proxy:)?([A-Za-z]\\w*):`, 'g'))].map(([, type = '']) => type)
}

/** What a word in the value of a parameter asks Postfix to open. */
export type TableWord =
  /** `type` as it is spelled, `name` behind it. `text` is both, without proxy:. */
  | {kind: 'table'; text: string; type: string; name: string; isProxied: boolean}
  /** A file with more patterns. */
  | {kind: 'file'; text: string}
  /** A table was wanted. `after` is the restriction that wants it. */
  | {kind: 'untyped'; text: string; after?: string}

/**
 * What Postfix opens for a parameter with this value, expanded: undefined where it opens nothing. `classes` are names of
 * restriction classes. Source: maps_create() in maps.c, match_list_parse() in match_list.c, smtpd_check_parse() in
 * smtpd_check.c, server_acl_parse() in server_acl.c.
 */
export function tableWordsOf(parameter: string, value: string, classes: readonly string[]): TableWord[] | undefined {
  if (parameter === 'proxy_read_maps' || parameter === 'proxy_write_maps') return undefined
  if (tableParameters.test(parameter)) return listWords(value).flatMap((each) => toTables(each))
  if (patternParameters.has(parameter)) return patternsIn(value)
  const isList = restrictionParameters.has(parameter) || classes.includes(parameter)
  return isList ? restrictionsIn(value) : undefined
}

/** Every word is a table. */
const tableParameters =
  /_(?:maps|checks|per_site|(?:command|reply|status)_filter|session_cache_database|auth_cache_name)$|^(?:address_verify_map|alias_database|postscreen_cache_map|postscreen_dnsbl_reply_map|relay_clientcerts)$/

/** Lists of patterns, of which some are files and some are tables. */
const patternParameters: ReadonlySet<string> = new Set(
  `authorized_flush_users authorized_mailq_users authorized_submit_users authorized_verp_clients debug_peer_list
  fast_flush_domains lmtp_connection_cache_destinations lmtp_sasl_mechanism_filter masquerade_exceptions mydestination
  mynetworks permit_mx_backup_networks postscreen_allowlist_interfaces postscreen_whitelist_interfaces
  qmqpd_authorized_clients relay_domains smtp_connection_cache_destinations smtp_sasl_mechanism_filter
  smtpd_authorized_verp_clients smtpd_authorized_xclient_hosts smtpd_authorized_xforward_hosts
  smtpd_client_connection_limit_exceptions smtpd_client_event_limit_exceptions smtpd_forbid_bare_newline_exclusions
  smtpd_sasl_exceptions_networks smtpd_sasl_mechanism_filter virtual_alias_domains virtual_mailbox_domains`.split(
    /\s+/,
  ),
)

/** What smtpd(8) reads of restrictions. */
export const restrictionLists = [
  'smtpd_client_restrictions',
  'smtpd_helo_restrictions',
  'smtpd_sender_restrictions',
  'smtpd_relay_restrictions',
  'smtpd_recipient_restrictions',
  'smtpd_data_restrictions',
  'smtpd_end_of_data_restrictions',
  'smtpd_etrn_restrictions',
] as const

/** Words of their own, and tables. */
const restrictionParameters: ReadonlySet<string> = new Set([
  ...restrictionLists,
  'postscreen_access_list',
  'local_header_rewrite_clients',
])

function toTables(word: string): TableWord[] {
  const [, proxies = '', type, name = ''] = /^((?:proxy:)*)([^:]*):(.*)$/s.exec(word) ?? []
  if (type === undefined) return [{kind: 'untyped', text: word}]
  const isProxied = proxies !== ''
  const table: TableWord = {kind: 'table', text: `${type}:${name}`, type, name, isProxied}
  const [, members] = /^(?:union|pipe)map$/.test(type) ? (/^\{(.*)\}$/s.exec(name) ?? []) : []
  if (members === undefined) return [table]
  return [table, ...listWords(members).flatMap(toTables)]
}

/** What a list of patterns, or a line of a file of it, asks to open. */
export function patternsIn(value: string): TableWord[] {
  const words = listWords(value)
  const comment = words.findIndex((each) => each.startsWith('#'))
  return words.slice(0, comment < 0 ? words.length : comment).flatMap((word): TableWord[] => {
    const pattern = word.replace(/^!+/, '')
    if (pattern.startsWith('/')) return [{kind: 'file', text: pattern}]
    return pattern.includes(':') && !pattern.startsWith('[') ? toTables(pattern) : []
  })
}

/** What is in braces has a syntax of its own, by the restriction before it. */
function restrictionsIn(value: string): TableWord[] {
  let before = ''
  return listWords(value).flatMap((word) => {
    const after = before
    before = word.toLowerCase()
    if (word.startsWith('{') || after === 'check_policy_service') return []
    if (word.includes(':')) return toTables(word)
    return /^check_\w+_(?:access|map)$/.test(after) ? [{kind: 'untyped' as const, text: word, after}] : []
  })
}
