/**
 * Where the services of an instance wait for connections. What daemons do with them is not looked at.
 * Source: master(5), "service name"; postconf(5), inet_interfaces and master_service_disable; match_service.c.
 */
import {splitWords} from '../base/text.ts'

export interface Listener {
  /** NAME/TYPE, as `postconf -M` and master_service_disable write it. */
  service: string
  /** An address or host name; '*' for all of the host's. */
  address: string
  /** All that it is bound to, 0.0.0.0 and :: for '*'; a host name that /etc/hosts does not have stays as it is. */
  addresses: string[]
  /** Null for a service name that the host does not know. */
  port: number | null
  /** The program behind it. */
  command: string
  /** False when master_service_disable switches it off. */
  enabled: boolean
}

/** Expanded values. */
export type ListenerSettings = Record<'inet_interfaces' | 'inet_protocols' | 'master_service_disable', string>

export interface ListenerHost {
  /** Its addresses that only this host can reach. */
  loopback: readonly string[]
  /** What /etc/hosts has for a name in lower case. */
  addressesOf(name: string): readonly string[]
  portOf(service: string): number | null
}

/** `services` are lines of master.cf, each with its continuation lines in it. */
export function findListeners(services: readonly string[], settings: ListenerSettings, host: ListenerHost): Listener[] {
  return services.flatMap((line) => {
    const [name = '', type, , , , , , command = ''] = line.split(/\s+/)
    if (type !== 'inet') return []
    const service = `${name}/${type}`
    const [, ownAddress, port = ''] = /^(?:(.*):)?([^:]*)$/.exec(name) ?? []
    const places = ownAddress === undefined ? placesOf(settings, host) : [withoutBrackets(ownAddress) || '*']
    const enabled = !isDisabled(name, type, settings.master_service_disable)
    const number = /^\d+$/.test(port) ? Number(port) : host.portOf(port)
    return places.map((address) => {
      return {service, address, addresses: listenAddresses(address, settings, host), port: number, command, enabled}
    })
  })
}

/** ADDRESS:PORT, for people. */
export function describeListener({service, address, port}: Listener): string {
  const name = service.slice(service.lastIndexOf(':') + 1, service.lastIndexOf('/'))
  return `${address.includes(':') ? `[${address}]` : address}:${port ?? name}`
}

/** Whether a service is switched off. The first pattern that matches decides. */
export function isDisabled(name: string, type: string, master_service_disable: string): boolean {
  for (const each of splitWords(master_service_disable.toLowerCase())) {
    const [, not = '', pattern = ''] = /^(!*)(.*)$/.exec(each) ?? []
    const own = [type, `${name}/${type}`, `${name}.${type}`].map((spelling) => spelling.toLowerCase())
    if (own.includes(pattern)) return not.length % 2 === 0
  }
  return false
}

function placesOf({inet_interfaces, inet_protocols}: ListenerSettings, {loopback}: ListenerHost): string[] {
  return splitWords(inet_interfaces).flatMap((each) => {
    if (each === 'all') return ['*']
    return each === 'loopback-only' ? spoken(loopback, inet_protocols) : [withoutBrackets(each)]
  })
}

function listenAddresses(place: string, {inet_protocols}: ListenerSettings, host: ListenerHost): string[] {
  if (place === '*') return spoken(['0.0.0.0', '::'], inet_protocols)
  const named = host.addressesOf(place.toLowerCase())
  return spoken(named.length === 0 ? [place.toLowerCase()] : named, inet_protocols).map(inOneSpelling)
}

/** A name that only the DNS knows may stand for either. */
function spoken(addresses: readonly string[], inet_protocols: string): string[] {
  const protocols = splitWords(inet_protocols)
  return addresses.filter((each) => {
    const isName = !/^[\d.]+$|:/.test(each)
    return isName || protocols.includes('all') || protocols.includes(each.includes(':') ? 'ipv6' : 'ipv4')
  })
}

/** IPv6 has many for one address. */
function inOneSpelling(address: string): string {
  const url = `http://[${address}]`
  return URL.canParse(url) ? withoutBrackets(new URL(url).hostname) : address
}

export function withoutBrackets(address: string): string {
  return address.replace(/^\[(.*)\]$/, '$1')
}
