/**
 * What in a service keeps master(8) from starting anything, or postconf(1), which postfix(1) asks before. Tried on Postfix 3.7.
 * Source: get_master_ent() in master_ent.c; parse_master_line() in postconf_master.c; host_port.c.
 */
import type {ServiceLine} from './services.ts'

export interface StartFault {
  /** In words. */
  reason: string
  /** Also where master_service_disable switches the service off. */
  isAlways: boolean
}

/** `hasPort` is asked for the name of a service of TCP; undefined is an answer that it cannot give. */
export function findStartFault(
  service: ServiceLine,
  hasPort: (name: string) => boolean | undefined,
): StartFault | undefined {
  const always = badField(service)
  if (always !== undefined) return {reason: always, isAlways: true}
  const reason = refusedByMaster(service, hasPort)
  return reason === undefined ? undefined : {reason, isAlways: false}
}

export const serviceTypes: readonly string[] = ['inet', 'unix', 'unix-dgram', 'fifo', 'pass']

function badField(service: ServiceLine): string | undefined {
  const {type, wakeup, limit} = service
  if (!serviceTypes.includes(type)) return `its type is ${type}, which is none of ${serviceTypes.join(', ')}`
  for (const field of ['private', 'unprivileged', 'chroot'] as const) {
    if (!/^[-yn]$/.test(service[field])) return `${field} is ${service[field]}, which is none of y, n, -`
  }
  if (!/^(?:-|\d+\??)$/.test(wakeup)) return `wakeup is ${wakeup}, which is no number of seconds`
  return /^(?:-|\d+)$/.test(limit) ? undefined : `maxproc is ${limit}, which is no number`
}

function refusedByMaster(
  {name, type, private: isPrivate, command, fault}: ServiceLine,
  hasPort: (name: string) => boolean | undefined,
): string | undefined {
  if (type === 'inet') {
    const place =
      badPlace(name) ?? (hasPort(portOf(name)) === false ? `/etc/services has no ${portOf(name)}` : undefined)
    if (place !== undefined) return place
    if (isPrivate !== 'n') return `private is ${isPrivate}, and must be n for the type inet`
  }
  if (command === '-') return 'it has no command'
  return fault
}

function portOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1)
}

/** What is in front of a name with a colon must be an address or a host. */
function badPlace(name: string): string | undefined {
  const [, inBrackets, behind = ''] = /^\[([^\]]*)\](.*)$/.exec(name) ?? []
  if (name.startsWith('[') && inBrackets === undefined) return `its name lacks a ]`
  if (inBrackets !== undefined && !/^(?::|$)/.test(behind))
    return 'its name has something other than :PORT behind the ]'
  const host = inBrackets ?? name.slice(0, Math.max(0, name.lastIndexOf(':')))
  const port = inBrackets === undefined ? portOf(name) : behind.slice(1)
  if (port === '') return 'its name has no port'
  if (/^\d/.test(port) && !/^\d+$/.test(port)) return `its port is ${port}, which begins like a number and is none`
  if (inBrackets === '' || host === '*')
    return 'its name has no address: a port alone listens at all of inet_interfaces'
  if (/^[\d.]+$/.test(host) && !isIPv4(host)) return `${host} is no address`
  return inBrackets === undefined && host.includes(':') ? 'an IPv6 address must stand in [ ]' : undefined
}

function isIPv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((each) => /^\d{1,3}$/.test(each) && Number(each) < 256)
}
