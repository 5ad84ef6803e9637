/**
 * Where an instance hands mail to a host and port that its configuration names. What MX records say is not looked up.
 * Source: resolve.c and smtp_connect.c for what a next hop looks like; transport(5).
 */
import {logicalLines} from '../model/lines.ts'
import type {Listener} from '../model/listeners.ts'
import type {Scene, SceneHost, Subject} from '../model/scene.ts'
import {fromBytes} from '../model/text.ts'
import {type Place, placeOf, placeOfService, words} from './rule.ts'

export interface Hop {
  from: Subject
  /** The parameter or table that names it. */
  named: string
  at: Place | undefined
  /** The service of master.cf that delivers; null for smtpd_proxy_filter. */
  transport: string | null
  /** As it is written: [HOST]:PORT. */
  nexthop: string
  port: number
  /** None where only the DNS knows. */
  addresses: readonly string[]
}

/** Of a service that runs; -o settings of what master_service_disable switches off do not count. */
export function findHops(from: Subject, host: SceneHost): Hop[] {
  return [...ofSettings(from), ...ofServices(from), ...ofTables(from, host)].flatMap(({value, ...named}) => {
    const proxied = /smtpd_proxy_filter$/.test(named.named)
    return words(value).flatMap((word) => toHops(word, {...named, from}, proxied, host))
  })
}

/** The enabled instances that take mail there, and those that only would. */
export function findReceivers({port, addresses}: Hop, {instances}: Scene) {
  const found = instances.flatMap((instance) =>
    instance.listeners
      .filter((each) => each.port === port && addresses.some((address) => listensTo(each, address)))
      .map((listener) => ({instance, listener, takes: instance.multi_instance_enable && listener.enabled})),
  )
  return {taking: found.filter(({takes}) => takes), silent: found.filter(({takes}) => !takes)}
}

export function isLocal(address: string, {addresses}: SceneHost): boolean {
  return address.startsWith('127.') || addresses.includes(address)
}

/** inet_interfaces and proxy_interfaces. Source: own_inet_addr(). */
export function ownAddresses(subject: Subject, host: SceneHost): string[] {
  const named = words(subject.parameter('inet_interfaces')).flatMap((each) => {
    if (each === 'all') return host.addresses
    if (each === 'loopback-only') return host.addresses.filter((address) => /^127\.|^::1$/.test(address))
    return resolve(each, host)
  })
  return [...named, ...words(subject.parameter('proxy_interfaces')).flatMap((each) => resolve(each, host))]
}

interface Named {
  named: string
  at: Place | undefined
  value: string
}

const parameters = [
  'relayhost',
  'default_transport',
  'relay_transport',
  'virtual_transport',
  'local_transport',
  'mailbox_transport',
  'fallback_transport',
  'content_filter',
  'smtp_fallback_relay',
]

function ofSettings(from: Subject): Named[] {
  return parameters
    .filter((name) => from.settings.has(name))
    .map((name) => ({named: name, at: placeOf(from, name), value: from.parameter(name)}))
}

function ofServices(from: Subject): Named[] {
  return from.services
    .filter(({name, type}) => type !== 'inet' || isOn(from, `${name}/${type}`))
    .flatMap((service) =>
      [...service.settings]
        .filter(([name]) => parameters.includes(name) || name === 'smtpd_proxy_filter')
        .map(([name, value]) => {
          const named = `${service.name}/${service.type}: ${name}`
          return {named, at: placeOfService(from, service), value: from.expand(value, service.settings)}
        }),
    )
}

function isOn({listeners}: Subject, service: string): boolean {
  return listeners.some((each) => each.service === service && each.enabled)
}

/** Tables whose source is text. */
function ofTables(from: Subject, host: SceneHost): Named[] {
  return words(from.parameter('transport_maps')).flatMap((table) => {
    const [, file = ''] = /^(?:proxy:)?(?:hash|btree|cdb|lmdb|dbm|sdbm|texthash):(\/.+)$/.exec(table) ?? []
    const text = file === '' ? null : host.text(file)
    return [...logicalLines(text ?? '')].flatMap(({text: entry, line}) => {
      const [, value = ''] = entry.split(/\s+/).map(fromBytes)
      return {named: 'transport_maps', at: {file, line}, value}
    })
  })
}

function toHops(word: string, named: Omit<Named, 'value'> & {from: Subject}, proxied: boolean, host: SceneHost): Hop[] {
  const isBare = /^(?:relayhost|smtp_fallback_relay)$|: (?:relayhost|smtp_fallback_relay)$/.test(named.named)
  const [, transport = '', rest = ''] = isBare || proxied ? ['', 'smtp', word] : (/^([^:[]+):(.+)$/.exec(word) ?? [])
  const nexthop = rest.replace(/^inet:/, '')
  const command = named.from.services.find(({name, type}) => name === transport && type === 'unix')?.command
  if (nexthop === '' || nexthop.startsWith('unix:') || (command !== 'smtp' && command !== 'lmtp' && !proxied)) return []
  const [, bracketed, plain, service] = /^(?:\[(?:ipv6:)?([^\]]+)\]|([^:]+))(?::([\w-]+))?$/i.exec(nexthop) ?? []
  // smtpd_proxy_filter takes a port alone.
  const name = proxied && /^\d+$/.test(plain ?? '') ? '127.0.0.1' : (bracketed ?? plain)
  if (name === undefined) return []
  const wanted = proxied && name !== bracketed && name !== plain ? plain! : service
  const port = toPort(wanted ?? (command === 'lmtp' ? '24' : '25'), host)
  // Of a name without brackets smtp(8) asks the DNS for MX records.
  const isFinal = bracketed !== undefined || proxied || command === 'lmtp' || /^[\d.]+$/.test(name)
  if (port === null) return []
  return [
    {...named, transport: proxied ? null : transport, nexthop, port, addresses: isFinal ? resolve(name, host) : []},
  ]
}

function toPort(word: string, host: SceneHost): number | null {
  return /^\d+$/.test(word) ? Number(word) : host.portOf(word)
}

function resolve(name: string, host: SceneHost): readonly string[] {
  const plain = name.replace(/^\[(.*)\]$/, '$1')
  return /^[\d.]+$|:/.test(plain) ? [plain] : host.addressesOf(plain.toLowerCase())
}

function listensTo({addresses}: Listener, address: string): boolean {
  return addresses.includes(address) || addresses.includes(address.includes(':') ? '::' : '0.0.0.0')
}
