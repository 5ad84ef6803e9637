/**
 * Parameters whose default depends on the host: its name and its addresses.
 * Source: check_myhostname() and check_mydomainname() in Postfix's mail_params.c; get_hostname(); mynetworks.c.
 */
import {quietly, readText} from '../../files/read.ts'
import {splitWords} from '../../model/base/text.ts'

/** What each instance wants to know of the host: asked once, for as long as somebody holds this. */
export class OwnHost {
  #name: string | undefined
  #addresses: readonly string[] | undefined

  /** Which Postfix checks whenever main.cf does not set myhostname. */
  get name(): string {
    this.#name ??= hostname()
    return this.#name
  }

  /** They take longer than the reading of a main.cf. */
  get addresses(): readonly string[] {
    this.#addresses ??= Object.values(process.getBuiltinModule('node:os').networkInterfaces()).flatMap(
      (each) => each?.map(({address}) => address) ?? [],
    )
    return this.#addresses
  }
}

/** Explicit settings of myhostname and mydomain, already expanded; undefined when main.cf does not set them. */
export function defaultMyhostname(mydomain: string | undefined, {name}: OwnHost): string {
  return name.includes('.') ? name : `${name}.${mydomain ?? 'localdomain'}`
}

export function defaultMydomain(myhostname: string): string {
  const dot = myhostname.indexOf('.')
  return dot < 0 ? 'localdomain' : myhostname.slice(dot + 1)
}

/** As gethostname(2) tells it; Node's own way to that takes longer to load than the rest of this file. */
function hostname(): string {
  const found = quietly(() => readText('/proc/sys/kernel/hostname').slice(0, -1))
  return found ?? process.getBuiltinModule('node:os').hostname()
}

const hostLabel = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
const hostName = new RegExp(`^${hostLabel}(?:\\.${hostLabel})*$`)

/** True for a plain ASCII name without faults. */
export function isHostName(name: string): boolean {
  return name.length <= 255 && hostName.test(name) && !/^[\d.]+$/.test(name)
}

/** True for a value that needs no resolver and no look at the interfaces that could fail. */
export function areOwnAddresses(inet_interfaces: string, inet_protocols: string, host: OwnHost): boolean {
  if (inet_interfaces === 'all' || inet_interfaces === 'loopback-only') return true
  const addresses = splitWords(inet_interfaces, ' \t,').map((each) => each.replace(/^\[(.*)\]$/, '$1'))
  if (addresses.length === 0) return true
  const protocols = splitWords(inet_protocols)
  const isSpoken = (address: string): boolean =>
    protocols.includes('all') || protocols.includes(address.includes(':') ? 'ipv6' : 'ipv4')
  return addresses.every((each) => host.addresses.includes(each) && isSpoken(each))
}

export function areProtocols(inet_protocols: string): boolean {
  return /^[ \t\r\n,]*(?:(?:all|ipv4|ipv6)(?:[ \t\r\n,]+|$))+$/.test(inet_protocols)
}

/** True for one to three small numbers without zeros in front. */
export function isCompatibilityLevel(level: string): boolean {
  const parts = level.split('.').map((each) => [each, Number(each)] as const)
  return parts.length <= 3 && parts.every(([text, number]) => number >= 0 && number <= 999 && String(number) === text)
}
