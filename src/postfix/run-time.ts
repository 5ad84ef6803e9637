/**
 * Parameters whose default depends on the host: its name and its addresses.
 * Source: check_myhostname() and check_mydomainname() in Postfix's mail_params.c; get_hostname().
 */
import {hostname, networkInterfaces} from 'node:os'

/** Explicit settings of myhostname and mydomain, already expanded; undefined when main.cf does not set them. */
export function defaultMyhostname(mydomain: string | undefined): string {
  const name = hostname()
  return name.includes('.') ? name : `${name}.${mydomain ?? 'localdomain'}`
}

export function defaultMydomain(myhostname: string | undefined): string {
  const name = myhostname ?? defaultMyhostname(undefined)
  const dot = name.indexOf('.')
  return dot < 0 ? 'localdomain' : name.slice(dot + 1)
}

/** True for a value that needs no resolver and no look at the interfaces that could fail. */
export function areOwnAddresses(inet_interfaces: string): boolean {
  if (inet_interfaces === 'all' || inet_interfaces === 'loopback-only') return true
  const own = Object.values(networkInterfaces()).flatMap((each) => each?.map(({address}) => address) ?? [])
  return inet_interfaces
    .split(/[ \t,]+/)
    .filter((each) => each !== '')
    .every((each) => own.includes(each.replace(/^\[(.*)\]$/, '$1')))
}

export function areProtocols(inet_protocols: string): boolean {
  return /^[ \t\r\n,]*(?:(?:all|ipv4|ipv6)[ \t\r\n,]*)+$/.test(inet_protocols)
}

export function isCompatibilityLevel(level: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){0,2}$/.test(level)
}
