/** Where a transport's next hop leads. Source: smtp(8) and lmtp(8) for the spelling; postconf(5), relayhost. */
import {type Listener, withoutBrackets} from '../model/master-cf/listeners.ts'
import {type FlowHost, listItems, type Network, type View} from './view.ts'

export type NextHop =
  | {kind: 'socket'; path: string}
  /** `byMx`: only the DNS knows which host that is. */
  | {kind: 'host'; name: string; port: number | string; byMx: boolean}

/** Several may be named, for the case that the first does not answer. */
export function parseNextHop(nexthop: string, defaultPort: number | string): NextHop[] {
  return listItems(nexthop).map((word) => {
    if (word.startsWith('unix:')) return {kind: 'socket', path: word.slice('unix:'.length)}
    const hop = word.replace(/^inet:/, '')
    const found = /^(?:\[(?:ipv6:)?(?<literal>[^\]]*)\]|(?<name>[^:]*))(?::(?<port>.*))?$/i.exec(hop)?.groups ?? {
      name: hop,
    }
    const {literal, name = '', port = defaultPort} = found
    const byMx = literal === undefined && word === hop && !/^[\d.]+$/.test(name)
    return {kind: 'host', name: (literal ?? name).toLowerCase(), port, byMx}
  })
}

/** As Postfix would have it in a next hop, with the port. */
export function describePlace(place: NextHop, network: Network): string {
  if (place.kind === 'socket') return `unix:${place.path}`
  const port = portNumber(place.port, network) ?? place.port
  return place.byMx ? `MX of ${place.name}${port === 25 ? '' : `:${port}`}` : `[${place.name}]:${port}`
}

/** A listener of an instance that gets what is sent somewhere. */
export interface Reached {
  view: View
  listener: Listener
}

/** What is to be found at a place on this host. */
interface Here {
  reached: Reached[]
  /** Whether anybody listens there now; null when it cannot be seen. */
  open: boolean | null
  /** Only this host can get there. */
  loopback: boolean
}

/** Null where the place is not on this host, as far as can be seen without the DNS. */
export function whoListens(place: NextHop, host: FlowHost): Here | null {
  if (place.kind === 'socket' || place.byMx) return null
  const {network} = host
  const {open} = network
  const port = portNumber(place.port, network)
  const addresses = addressesOfName(place.name, network).filter((each) => isOwn(each, network))
  if (addresses.length === 0 || port === null) return null
  const found = addresses.flatMap((address) => closest(address, port, host))
  return {
    reached: found.filter((each, at) => found.findIndex(({view}) => view === each.view) === at),
    loopback: addresses.every(isLoopback),
    open: open && addresses.some((each) => isOpen(each, port, open)),
  }
}

/** Postfix refuses to send mail to an address of its own at port 25, whatever listens there. Source: smtp_find_self(). */
export function isItself(view: View, place: NextHop, {network}: FlowHost): boolean {
  if (place.kind === 'socket' || place.byMx || portNumber(place.port, network) !== 25) return false
  const own = ownAddresses(view, network)
  return addressesOfName(place.name, network).some((each) => own.has(each))
}

/** Source: own_inet_addr() and proxy_inet_addr(). */
export function ownAddresses({parameters}: View, network: Network): Set<string> {
  const {inet_interfaces = '', inet_protocols = 'all', proxy_interfaces = ''} = parameters
  const named = listItems(inet_interfaces).flatMap((each) => {
    if (each === 'all') return network.own
    if (each === 'loopback-only') return network.own.filter(isLoopback)
    return addressesOfName(withoutBrackets(each).toLowerCase(), network)
  })
  const spoken = named.filter((each) => speaks(inet_protocols, each))
  return new Set([
    ...spoken,
    ...listItems(proxy_interfaces).flatMap((each) => addressesOfName(withoutBrackets(each).toLowerCase(), network)),
  ])
}

function speaks(inet_protocols: string, address: string): boolean {
  const protocols = listItems(inet_protocols)
  return protocols.includes('all') || protocols.includes(address.includes(':') ? 'ipv6' : 'ipv4')
}

export function isLoopback(address: string): boolean {
  return /^127\.|^::1$/.test(address)
}

function portNumber(port: number | string, {portOf}: Network): number | null {
  return /^\d+$/.test(String(port)) ? Number(port) : portOf(String(port))
}

function addressesOfName(name: string, network: Network): readonly string[] {
  return /^[\d.]+$|:/.test(name) ? [name] : network.addressesOf(name)
}

function isOwn(address: string, {own}: Network): boolean {
  return isLoopback(address) || own.includes(address)
}

/** Running instances first; then one address before all addresses, as the kernel chooses. */
function closest(address: string, port: number, host: FlowHost): Reached[] {
  const all = atPort(host).get(port) ?? []
  const exact = all.filter(({listener}) => listener.addresses.includes(address))
  const ofAll = all.filter(({listener}) => listener.addresses.includes(address.includes(':') ? '::' : '0.0.0.0'))
  const ranks = [exact.filter(isReady), ofAll.filter(isReady), exact, ofAll]
  return ranks.find((each) => each.length > 0) ?? []
}

export function isReady({view, listener}: Reached): boolean {
  return view.multi_instance_enable && listener.enabled
}

const indexes = new WeakMap<FlowHost, Map<number, Reached[]>>()

function atPort(host: FlowHost): Map<number, Reached[]> {
  let index = indexes.get(host)
  if (index === undefined) {
    index = new Map()
    for (const view of host.views) {
      for (const listener of view.listeners) {
        if (listener.port === null) continue
        const there = index.get(listener.port)
        if (there === undefined) index.set(listener.port, [{view, listener}])
        else there.push({view, listener})
      }
    }
    indexes.set(host, index)
  }
  return index
}

function isOpen(address: string, port: number, open: ReadonlySet<string>): boolean {
  return (
    open.has(`${address} ${port}`) || open.has(`:: ${port}`) || (!address.includes(':') && open.has(`0.0.0.0 ${port}`))
  )
}
