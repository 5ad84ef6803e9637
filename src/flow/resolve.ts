/**
 * Which transport an instance hands an address to, and which next hop it gives it. Nothing is rewritten here.
 * Source: trivial-rewrite(8), resolve.c and transport.c; postconf(5) and ADDRESS_CLASS_README.
 */
import {followOperators, isDomain, isYes, splitAddress, tidyAddress, unquoteLocal, withoutExtension} from './address.ts'
import {ownAddresses} from './next-hops.ts'
import {type Asking, addressKeys, findInDomains, findInMaps, relayParents, split, transportKeys} from './tables.ts'
import type {FlowHost, FlowParameter, View} from './view.ts'

export type AddressClass = 'local' | 'alias' | 'virtual' | 'relay' | 'other'

export interface Resolved {
  /** Another one than was asked for where that has routing operators before a domain of the instance. */
  address: string
  class: AddressClass
  transport: string
  /** The domain of the recipient when nothing else is said. */
  nexthop: string
  /** It is only the domain of the recipient. */
  toDomain: boolean
  /** In the order in which they were made. */
  decisions: Decision[]
  /** Tables that could not be asked, so that the result may be another one. */
  unknown: string[]
}

export interface Decision {
  /** The parameter that made it. */
  by: string
  /** What it says. */
  says: string
  /** What comes of it, for people. */
  so: string
}

export function resolve(view: View, recipient: string, sender: string, {tables, network}: FlowHost): Resolved {
  const asking: Asking = {view, tables, unknown: new Set()}
  const decisions: Decision[] = []
  const {address, domain, found} = findDestination(view, recipient, asking, ownAddresses(view, network), decisions)
  const answer = ({transport, nexthop}: Transport): Resolved => ({
    address,
    class: found.class,
    transport,
    nexthop: nexthop || domain,
    toDomain: nexthop === '',
    decisions,
    unknown: [...asking.unknown],
  })
  if (!isDomain(domain)) {
    decisions.push({by: 'trivial-rewrite(8)', says: domain, so: 'not a valid domain: it is returned'})
    return answer({transport: 'error', nexthop: '5.1.3 bad address syntax'})
  }
  decisions.push(found.decision)
  let {transport, nexthop} = chooseTransport(view, found.class, sender, asking, decisions)
  if (nexthop === '' && (found.class === 'relay' || found.class === 'other')) {
    nexthop = chooseRelayhost(view, sender, asking, decisions)
  }
  // Nothing overrides the error that awaits mail for a virtual alias that is none.
  if (found.class !== 'alias')
    ({transport, nexthop} = lookUpTransport(address, {transport, nexthop}, asking, decisions))
  const relocated = findInMaps(view.parameters.relocated_maps ?? '', addressKeys(address, asking), asking)
  if (relocated !== undefined) {
    ;({transport, nexthop} = {transport: 'error', nexthop: `5.1.6 User has moved to ${relocated.value}`})
    decisions.push({by: 'relocated_maps', says: `${relocated.table}: ${relocated.key}`, so: 'it is returned'})
  }
  return answer({transport, nexthop})
}

/** At a domain of the instance, what stands before the @ may be an address again. */
function findDestination(
  view: View,
  recipient: string,
  asking: Asking,
  own: ReadonlySet<string>,
  decisions: Decision[],
): {address: string; domain: string; found: Classified} {
  for (let address = recipient; ; ) {
    const {local, domain: written} = splitAddress(address)
    const domain = inBrackets((written ?? view.parameters.myhostname ?? '').toLowerCase(), view)
    const found = classify(view, domain, asking, own)
    const next = found.class === 'local' ? (embedded(local) ?? followOperators(local, view)) : undefined
    if (next === undefined) {
      const isSame = written?.toLowerCase() === domain
      return {address: isSame ? address : `${local}@${domain}`, domain, found}
    }
    decisions.push({by: next.by, says: local, so: `${address} is ${next.address}`})
    address = next.address
  }
}

/** An address for which resolve_numeric_domain makes up. */
function inBrackets(domain: string, {parameters}: View): string {
  return isYes(parameters.resolve_numeric_domain) && /^[\d.]+$/.test(domain) ? `[${domain}]` : domain
}

/** "USER@HOST" in quotes. */
function embedded(local: string): {by: string; address: string} | undefined {
  const plain = unquoteLocal(local)
  return plain.includes('@') ? {by: 'resolve_dequoted_address', address: tidyAddress(plain)} : undefined
}

interface Classified {
  class: AddressClass
  decision: Decision
}

/** The class of a domain, and the list that says so. */
export function classify(view: View, domain: string, asking: Asking, own: ReadonlySet<string> = new Set()): Classified {
  const {
    mydestination = '',
    virtual_alias_domains = '',
    virtual_mailbox_domains = '',
    relay_domains = '',
  } = view.parameters
  const answer = (name: AddressClass, by: string, says: string, so: string) => ({class: name, decision: {by, says, so}})
  const here = findInDomains(mydestination, domain, 'no', asking)
  if (here !== undefined) return answer('local', 'mydestination', here, `${domain} is local`)
  const [, literal] = /^\[(?:ipv6:)?(.*)\]$/i.exec(domain) ?? []
  if (literal !== undefined && own.has(literal.toLowerCase())) {
    return answer('local', 'inet_interfaces', domain, `${domain} is an address of this host`)
  }
  const alias = findInDomains(virtual_alias_domains, domain, 'no', asking)
  if (alias !== undefined) {
    return answer('alias', 'virtual_alias_domains', alias, `${domain} has only aliases, and none for this address`)
  }
  const virtual = findInDomains(virtual_mailbox_domains, domain, 'no', asking)
  if (virtual !== undefined)
    return answer('virtual', 'virtual_mailbox_domains', virtual, `${domain} has virtual mailboxes`)
  const relay = findInDomains(relay_domains, domain, relayParents(view), asking)
  if (relay !== undefined) return answer('relay', 'relay_domains', relay, `${domain} is relayed for`)
  return answer('other', 'relay_domains', relay_domains, `${domain} is somewhere else`)
}

export interface Transport {
  transport: string
  /** Empty when nothing is said of it. */
  nexthop: string
}

/** TRANSPORT:NEXTHOP, where either may be missing. */
export function splitHop(value: string): Transport {
  const colon = value.indexOf(':')
  return colon < 0
    ? {transport: value, nexthop: ''}
    : {transport: value.slice(0, colon), nexthop: value.slice(colon + 1)}
}

/** What an entry of transport_maps makes of what holds without it. */
export function override({transport, nexthop}: Transport, entry: string): Transport {
  const wanted = splitHop(entry)
  if (wanted.transport !== '') return wanted
  return {transport, nexthop: wanted.nexthop || nexthop}
}

export const transportParameter = {
  local: 'local_transport',
  virtual: 'virtual_transport',
  relay: 'relay_transport',
  other: 'default_transport',
} as const

function chooseTransport(
  view: View,
  name: AddressClass,
  sender: string,
  asking: Asking,
  decisions: Decision[],
): Transport {
  if (name === 'alias') return {transport: 'error', nexthop: '5.1.1 User unknown in virtual alias table'}
  if (name === 'other') {
    const {sender_dependent_default_transport_maps: maps = ''} = view.parameters
    const found = bySender(maps, sender, 'empty_address_default_transport_maps_lookup_key', asking)
    if (found !== undefined && found.value.toUpperCase() !== 'DUNNO') {
      const says = `${found.table}: ${found.key} ${found.value}`
      decisions.push({by: 'sender_dependent_default_transport_maps', says, so: `for this sender by ${found.value}`})
      return splitHop(found.value)
    }
  }
  const by = transportParameter[name]
  const says = view.parameters[by] ?? ''
  decisions.push({by, says, so: `by transport ${splitHop(says).transport}`})
  return splitHop(says)
}

function chooseRelayhost(view: View, sender: string, asking: Asking, decisions: Decision[]): string {
  const {sender_dependent_relayhost_maps: maps = '', relayhost = ''} = view.parameters
  const found = bySender(maps, sender, 'empty_address_relayhost_maps_lookup_key', asking)
  if (found !== undefined) {
    const isNone = found.value.toUpperCase() === 'DUNNO'
    const says = `${found.table}: ${found.key} ${found.value}`
    const so = isNone ? 'this sender has no relayhost of its own' : `for this sender to ${found.value}`
    decisions.push({by: 'sender_dependent_relayhost_maps', says, so})
    if (!isNone) return found.value
  }
  if (relayhost !== '') decisions.push({by: 'relayhost', says: relayhost, so: `to ${relayhost}`})
  return relayhost
}

/** By the whole address, then by its domain as @domain. */
function bySender(maps: string, sender: string, emptyKey: FlowParameter, asking: Asking) {
  const {local, domain} = split(sender)
  const empty = asking.view.parameters[emptyKey] ?? '<>'
  const bare = `${withoutExtension(local, asking.view)}@${domain}`
  const keys = sender === '' ? [empty] : [...new Set([sender, bare, `@${domain}`])]
  return findInMaps(
    maps,
    keys.map((key, at) => ({key, partial: at > 0})),
    asking,
  )
}

function lookUpTransport(address: string, hop: Transport, asking: Asking, decisions: Decision[]): Transport {
  const {transport_maps = ''} = asking.view.parameters
  const found = findInMaps(transport_maps, transportKeys(address, asking.view), asking)
  if (found === undefined) return hop
  const next = override(hop, found.value)
  const so =
    found.value === ':' ? 'no other way' : `by transport ${next.transport}${next.nexthop && ` to ${next.nexthop}`}`
  decisions.push({by: 'transport_maps', says: `${found.table}: ${found.key} ${found.value}`, so})
  return next
}
