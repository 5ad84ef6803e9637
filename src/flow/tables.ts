/** Lookups as Postfix does them. Source: DATABASE_README; maps.c, match_list.c; transport(5) for the keys. */
import {splitAddress, withoutExtension} from './address.ts'
import {listItems, type Tables, type View} from './view.ts'

/** A value, and the table that has it. */
export interface TableHit {
  value: string
  table: string
  key: string
}

/** `unknown` gets the tables that could not be asked before one answered. */
export interface Asking {
  view: View
  tables: Tables
  unknown: Set<string>
}

/** Each key in each table of the list, the first that is there. */
export function findInMaps(list: string, keys: readonly LookupKey[], asking: Asking): TableHit | undefined {
  const named = listItems(list).filter(isTable)
  for (const {key, partial} of keys) {
    for (const table of named) {
      // Parts of an address would match patterns that are made for whole ones.
      if (partial && isPattern(table)) continue
      const value = findIn(table, key, asking)
      if (value !== undefined) return {value, table, key}
    }
  }
  return undefined
}

export interface LookupKey {
  key: string
  partial: boolean
}

/** The address whole and without extension; the name alone where the domain is local; the domain. */
export function addressKeys(address: string, asking: Asking): LookupKey[] {
  const {view} = asking
  const {local, domain} = splitAddress(address.toLowerCase())
  const bare = withoutExtension(local, view)
  const names = [...new Set([local, bare])]
  const {myorigin = '', mydestination = ''} = view.parameters
  const isOurs = (at: string) =>
    at === myorigin.toLowerCase() || findInDomains(mydestination, at, 'no', asking) !== undefined
  const keys =
    domain === null
      ? names
      : [...names.map((each) => `${each}@${domain}`), ...(isOurs(domain) ? names : []), `@${domain}`]
  return keys.map((key, at) => ({key, partial: at > 0}))
}

/** user+extension@domain, user@domain, domain and the domains above it, and everything. */
export function transportKeys(address: string, view: View): LookupKey[] {
  const {local, domain} = split(address)
  const bare = withoutExtension(local, view)
  const whole = bare === local ? [address] : [address, `${bare}@${domain}`]
  const dot = parentsMatch('transport_maps', view) ? '' : '.'
  return [
    ...whole.map((key, at) => ({key, partial: at > 0})),
    ...[domain, ...parentsOf(domain).map((each) => dot + each), '*'].map((key) => ({key, partial: true})),
  ]
}

/** What of a list of domains matches; undefined when none does. */
export function findInDomains(list: string, domain: string, parents: 'match' | 'with dot' | 'no', asking: Asking) {
  const above = parents === 'no' ? [] : parentsOf(domain).map((each) => (parents === 'match' ? each : `.${each}`))
  const keys = [domain, ...above]
  for (const word of listItems(list)) {
    const not = word.startsWith('!')
    const pattern = word.replace(/^!+/, '')
    const isFound =
      isTable(pattern) || pattern.startsWith('/')
        ? (isPattern(pattern) ? [domain] : keys).some((each) => findIn(pattern, each, asking) !== undefined)
        : keys.includes(pattern.toLowerCase())
    if (isFound) return not ? undefined : pattern
  }
  return undefined
}

/** relay_domains is the one of them that may match subdomains. */
export function relayParents(view: View): 'match' | 'with dot' {
  return parentsMatch('relay_domains', view) ? 'match' : 'with dot'
}

/** All of what a table has; null for one that cannot be told. */
export function tableEntriesOf(table: string, view: View, tables: Tables): ReadonlyMap<string, string> | null {
  const [, inline] = /^inline:\{(.*)\}$/s.exec(table) ?? []
  if (inline === undefined) return tables.entries(withoutProxy(table), view)
  return new Map(
    listItems(inline).flatMap((each) => {
      const [, key, value] = /^([^=]*[^=\s])\s*=\s*(.*)$/s.exec(each.replace(/^\{\s*(.*?)\s*\}$/s, '$1')) ?? []
      return key === undefined || value === undefined ? [] : [[key.toLowerCase(), value] as const]
    }),
  )
}

/** TYPE:NAME, and not the name of a file or a domain. */
export function isTable(word: string): boolean {
  return /^[a-z]\w*:/.test(word)
}

/** The domain is empty where there is none. */
export function split(address: string): {local: string; domain: string} {
  const {local, domain} = splitAddress(address)
  return {local, domain: domain ?? ''}
}

function findIn(table: string, key: string, {view, tables, unknown}: Asking): string | undefined {
  if (table.startsWith('static:')) return table.slice('static:'.length).replace(/^\{\s*(.*?)\s*\}$/, '$1')
  const folded = key.toLowerCase()
  if (table.startsWith('inline:')) return tableEntriesOf(table, view, tables)?.get(folded)
  const value = tables.find(withoutProxy(table), folded, view)
  if (value === undefined) unknown.add(table)
  return value ?? undefined
}

function isPattern(table: string): boolean {
  return /^(?:regexp|pcre|static):/.test(withoutProxy(table))
}

function parentsMatch(parameter: string, view: View): boolean {
  return listItems(view.parameters.parent_domain_matches_subdomains ?? '').includes(parameter)
}

function parentsOf(domain: string): string[] {
  if (/^\[/.test(domain)) return []
  return [...domain.matchAll(/\./g)].map(({index}) => domain.slice(index + 1)).filter((each) => each !== '')
}

function withoutProxy(table: string): string {
  return table.replace(/^(?:proxy:)+/, '')
}
