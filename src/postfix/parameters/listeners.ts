/** Where an instance waits for connections, when it runs. Source: master(8); hosts(5) and services(5) for names. */
import {tryText} from '../../files/read.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {findListeners, type Listener, type ListenerHost} from '../../model/master-cf/listeners.ts'
import {readServices} from '../reader/own-settings.ts'
import type {Primary} from '../reader/primary.ts'
import type {OwnHost} from '../reader/run-time.ts'
import {readValues, type Values} from './values.ts'

/** What it takes of main.cf. */
export const listenerParameters = ['inet_interfaces', 'inet_protocols', 'master_service_disable'] as const

/** In the order of master.cf. Throws what open(2) or postconf says. */
export function readListeners({config_directory}: Instance, primary: Primary): Listener[] {
  const [values = new Map()] = readValues([config_directory], listenerParameters, primary)
  return listenersOf(readServices(config_directory), values, primary)
}

/** `services` as readServices gives them. */
export function listenersOf(services: readonly string[], values: Values, primary: Primary): Listener[] {
  const value = (name: (typeof listenerParameters)[number]): string => values.get(name) ?? ''
  const settings = {
    inet_interfaces: value('inet_interfaces'),
    inet_protocols: value('inet_protocols'),
    master_service_disable: value('master_service_disable'),
  }
  return findListeners(services, settings, listenerHost(primary))
}

const hosts = new WeakMap<OwnHost, ListenerHost>()

/** It is the same for all instances. */
export function listenerHost({defaults: {host}}: Primary): ListenerHost {
  const known = hosts.get(host) ?? {
    // Whatever else a loopback interface has is none. Source: sock_addr_in_loopback().
    loopback: host.addresses.filter((each) => /^127\.|^::1$/.test(each)),
    addressesOf: addressesByName(),
    portOf: portsByName(),
  }
  hosts.set(host, known)
  return known
}

function addressesByName(): (name: string) => string[] {
  const lines = readWordTable('/etc/hosts')
  return (name) => {
    const found = lines.filter(([, ...names]) => names.some((each) => each.toLowerCase() === name))
    return found.map(([address = '']) => address)
  }
}

function portsByName(): (service: string) => number | null {
  const ports = new Map<string, number>()
  for (const [name = '', port = '', ...aliases] of readWordTable('/etc/services')) {
    const [, number] = /^(\d+)\/tcp$/.exec(port) ?? []
    if (number === undefined) continue
    for (const each of [name, ...aliases]) if (!ports.has(each)) ports.set(each, Number(number))
  }
  return (service) => ports.get(service) ?? null
}

/** The words of each line; none of a file that cannot be read. */
function readWordTable(path: string): string[][] {
  const lines = (tryText(path) ?? '').split('\n').map((line) =>
    line
      .replace(/#.*/, '')
      .split(/\s+/)
      .filter((word) => word !== ''),
  )
  return lines.filter((words) => words.length > 0)
}
