/**
 * What a running master(8) has not taken over from main.cf, judged by the sockets that it has.
 * Source: master_conf.c and master_vars.c, which warn "to change inet_interfaces, stop and start Postfix".
 */
import type {Listener} from '../master-cf/listeners.ts'

interface SocketAddress {
  address: string
  port: number
}

/** The parameters; empty when its sockets are those of its files, or where that cannot be told. */
export function unreadParameters(
  listeners: readonly Listener[],
  held: readonly SocketAddress[],
  hasIpv6: boolean,
): string[] {
  const wanted = listeners
    .filter(({enabled}) => enabled)
    .flatMap(({addresses, port}) => addresses.map((address) => ({address, port})))
  // What only the DNS knows, if anything.
  if (wanted.some(({address, port}) => port === null || !/^[\d.]+$|:/.test(address))) return []
  const spoken = wanted.map(({address, port}) => `${address} ${port}`).filter((each) => hasIpv6 || !isIpv6(each))
  const present = held.map(({address, port}) => `${address} ${port}`)
  const missing = spoken.filter((each) => !present.includes(each))
  const extra = present.filter((each) => !spoken.includes(each))
  if (missing.length + extra.length === 0) return []
  // All of a protocol that was not there, or is not wanted any more.
  const isOfProtocol = [true, false].some((ipv6) => {
    const isSpoken = (each: string): boolean => isIpv6(each) === ipv6
    return [...missing, ...extra].every(isSpoken) && (!present.some(isSpoken) || !spoken.some(isSpoken))
  })
  return isOfProtocol ? ['inet_protocols', 'inet_interfaces'] : ['inet_interfaces']
}

function isIpv6(place: string): boolean {
  return place.includes(':')
}
