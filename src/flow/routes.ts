/** All ways on which mail leaves an instance, as far as main.cf, master.cf and tables that can be listed tell. */
import {type AddressClass, classify, override, splitHop, type Transport, transportParameter} from './resolve.ts'
import {type MailEntry, mailEntriesOf} from './services.ts'
import {type Asking, tableEntriesOf as entriesOfTable, isTable, split} from './tables.ts'
import {type FlowHost, type FlowParameter, listItems, type View} from './view.ts'

/** Which mail goes a way. */
export interface Mail {
  /**
   * A class of addresses, or: those that a table names; that of some senders; all of it, to a filter behind the queue or
   * before it; what could not be handed on.
   */
  class: Exclude<AddressClass, 'alias'> | 'listed' | 'sender' | 'filtered' | 'before queue' | 'fallback'
  /** Domains, addresses, senders or services; empty for all. */
  of: string[]
}

export interface Route {
  mail: Mail
  hop: Transport
  by: FlowParameter
  /** Only mail that came in by these services; null for all. */
  entries: string[] | null
  /** A table that cannot be listed knows where to; the hop is nowhere then. */
  table: string | null
}

/** Mail that came in by a service without a filter goes by its address; what has a filter, all to that. */
export function routesOf(view: View, host: FlowHost): Route[] {
  const entries = mailEntriesOf(view)
  const proxied = entries.filter((each) => each.smtpd_proxy_filter !== '')
  const filtered = entries.filter((each) => each.smtpd_proxy_filter === '' && each.content_filter !== '')
  const plain = entries.filter((each) => !proxied.includes(each) && !filtered.includes(each))
  const names = plain.length === entries.length ? null : plain.map(({service}) => service)
  // What remains are bounces, and what local(8) forwards.
  const byAddress = entries.length > 0 && plain.length === 0 ? [] : routesByAddress(view, host)
  return [
    ...toFilters(proxied, 'smtpd_proxy_filter').map((each) => ({
      ...each,
      hop: {transport: '', nexthop: each.value},
      mail: {class: 'before queue' as const, of: each.entries},
    })),
    ...toFilters(filtered, 'content_filter').map((each) => ({
      ...each,
      hop: splitHop(each.value),
      mail: {class: 'filtered' as const, of: names === null && filtered.length === entries.length ? [] : each.entries},
    })),
    ...byAddress.map((each) => ({...each, entries: names})),
  ].map(({mail, hop, by, entries: through, table}) => ({mail, hop, by, entries: through, table}))
}

function toFilters(entries: readonly MailEntry[], by: 'content_filter' | 'smtpd_proxy_filter') {
  const values = [...new Set(entries.map((each) => each[by]))]
  return values.map((value) => ({
    value,
    by,
    entries: entries.filter((each) => each[by] === value).map(({service}) => service),
    table: null,
  }))
}

type ByAddress = Omit<Route, 'entries'>

function routesByAddress(view: View, host: FlowHost): ByAddress[] {
  const listed = routesByTransportMaps(view, host)
  if (listed.some(({mail}) => mail.of.includes('*'))) return listed
  return [...listed, ...routesBySender(view, host), ...routesByClass(view, listed)]
}

function routesByTransportMaps(view: View, host: FlowHost): ByAddress[] {
  return listMaps(view, 'transport_maps', host).map(({table, entries}): ByAddress => {
    const by = 'transport_maps'
    if (entries === null) return {mail: {class: 'listed', of: []}, hop: {transport: '', nexthop: ''}, by, table}
    const [key = '', value = ''] = entries
    return {mail: {class: 'listed', of: [key]}, hop: override(usualHop(view, key, host), value), by, table: null}
  })
}

/** Where mail for a key of transport_maps would go without the table. */
function usualHop(view: View, key: string, host: FlowHost): Transport {
  const domain = split(key).domain || key.replace(/^\./, '')
  const asking: Asking = {view, tables: host.tables, unknown: new Set()}
  const found = classify(view, domain, asking).class
  return found === 'alias' ? {transport: 'error', nexthop: ''} : hopOfClass(view, found)
}

function routesBySender(view: View, host: FlowHost): ByAddress[] {
  const base = {relay: splitHop(value(view, 'relay_transport')), other: splitHop(value(view, 'default_transport'))}
  return (['sender_dependent_default_transport_maps', 'sender_dependent_relayhost_maps'] as const).flatMap((by) =>
    listMaps(view, by, host).flatMap(({table, entries}): ByAddress[] => {
      const ofUnknown = {mail: {class: 'sender' as const, of: []}, hop: {transport: '', nexthop: ''}, by, table}
      if (entries === null) return [ofUnknown]
      const [key = '', entry = ''] = entries
      if (entry.toUpperCase() === 'DUNNO') return []
      const mail = {class: 'sender' as const, of: [key]}
      if (by === 'sender_dependent_default_transport_maps') return [{mail, hop: splitHop(entry), by, table: null}]
      const open = occurring(view).filter((each): each is 'relay' | 'other' => each === 'relay' || each === 'other')
      return open
        .filter((each) => base[each].nexthop === '')
        .map((each) => ({mail, hop: {transport: base[each].transport, nexthop: entry}, by, table: null}))
    }),
  )
}

function routesByClass(view: View, listed: readonly ByAddress[]): ByAddress[] {
  const known = new Set(listed.flatMap(({mail}) => mail.of))
  return occurring(view).flatMap((each): ByAddress[] => {
    const of =
      each === 'other' ? [] : listItems(value(view, domainList[each])).filter((domain) => !domain.startsWith('!'))
    const left = of.filter((domain) => !known.has(domain))
    if (each !== 'other' && left.length === 0) return []
    const hop = hopOfClass(view, each)
    const isRelayhost =
      (each === 'relay' || each === 'other') && splitHop(value(view, transportParameter[each])).nexthop === ''
    const by = isRelayhost && hop.nexthop !== '' ? 'relayhost' : transportParameter[each]
    return [{mail: {class: each, of: left}, hop, by, table: null}]
  })
}

const domainList = {local: 'mydestination', virtual: 'virtual_mailbox_domains', relay: 'relay_domains'} as const

/** Classes that have no domain do not occur, but for literal addresses. */
function occurring(view: View): Exclude<AddressClass, 'alias'>[] {
  const named = (['local', 'virtual', 'relay'] as const).filter(
    (each) => listItems(value(view, domainList[each])).length > 0,
  )
  return [...named, 'other']
}

function hopOfClass(view: View, name: Exclude<AddressClass, 'alias'>): Transport {
  const hop = splitHop(value(view, transportParameter[name]))
  const hasRelayhost = name === 'relay' || name === 'other'
  return hop.nexthop === '' && hasRelayhost ? {...hop, nexthop: value(view, 'relayhost')} : hop
}

function listMaps(view: View, by: FlowParameter, {tables}: FlowHost) {
  return listItems(value(view, by))
    .filter(isTable)
    .flatMap((table): {table: string; entries: [string, string] | null}[] => {
      if (table.startsWith('static:')) return [{table, entries: ['*', table.slice('static:'.length)]}]
      const entries = entriesOfTable(table, view, tables)
      return entries === null ? [{table, entries: null}] : [...entries].map((each) => ({table, entries: each}))
    })
}

function value(view: View, name: FlowParameter): string {
  return view.parameters[name] ?? ''
}
