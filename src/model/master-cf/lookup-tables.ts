/** The lookup tables that settings name. Source: DATABASE_README, "Postfix lookup table types". */
import {type Lookup, tryExpand} from '../main-cf/expand.ts'

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
