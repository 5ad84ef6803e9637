/** Where an instance waits for connections, when it runs. Source: master(8); services(5) for names of ports. */
import {readFileSync} from 'node:fs'
import {networkInterfaces} from 'node:os'
import type {Instance} from '../model/instance.ts'
import {findListeners, type Listener} from '../model/listeners.ts'
import {explainError} from '../model/system-error.ts'
import {readServices} from './own-settings.ts'
import type {Primary} from './primary.ts'
import type {ReadText} from './read-file.ts'
import {readValues} from './values.ts'

const names = ['inet_interfaces', 'inet_protocols', 'master_service_disable'] as const

/** In the order of master.cf. Throws what open(2) or postconf says. */
export function readListeners({config_directory}: Instance, primary: Primary, read?: ReadText): Listener[] {
  const [values] = readValues([config_directory], names, primary, {read})
  const value = (name: (typeof names)[number]): string => values?.get(name) ?? ''
  const {inet_interfaces, master_service_disable} = Object.fromEntries(names.map((name) => [name, value(name)]))
  return findListeners(
    readServices(config_directory, read),
    {inet_interfaces: inet_interfaces ?? '', master_service_disable: master_service_disable ?? ''},
    {loopback: loopbackAddresses(value('inet_protocols')), portOf: portsByName()},
  )
}

function loopbackAddresses(inet_protocols: string): string[] {
  const spoken = inet_protocols.split(/[ \t,]+/)
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses
      .filter(({internal, family}) => internal && (spoken.includes('all') || spoken.includes(family.toLowerCase())))
      .map(({address}) => address),
  )
}

function portsByName(): (service: string) => number | null {
  let text = ''
  try {
    text = readFileSync('/etc/services', 'latin1')
  } catch (error) {
    explainError(error)
  }
  const ports = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [name = '', port = '', ...aliases] = line.replace(/#.*/, '').split(/\s+/)
    const [, number] = /^(\d+)\/tcp$/.exec(port) ?? []
    if (number === undefined) continue
    for (const each of [name, ...aliases]) if (each !== '' && !ports.has(each)) ports.set(each, Number(number))
  }
  return (service) => ports.get(service) ?? null
}
