/**
 * Every address and port has one enabled instance that listens. Tried with master(8) of Postfix 3.7, which sets
 * SO_REUSEPORT as all do from 3.6 on, so that nothing fails: of two that are bound alike each gets a part of the
 * connections, and one that is bound to a single address gets all that one bound to 0.0.0.0 or :: would have got there.
 * Of these two neither includes the other. Tried with 3.5: the second one does not start.
 */
import {
  type Finding,
  type InstanceView,
  type Listener,
  label,
  operandOf,
  type Rule,
  refuse,
  warn,
} from '@postmulti/plugin-api'

export const listenerShared = {
  name: 'listener-shared',
  because:
    'The kernel distributes connections at random among instances that listen on one address and port; before Postfix 3.6 ' +
    'only the first of them starts.',
  wants: {listeners: true},
  anyOrder: true,
  check(instances) {
    const owners = new Map<string, InstanceView>()
    return lookAtEach(instances, ({instance, listener, address, port}) => {
      const owner = claim(owners, `${address} ${port}`, instance)
      if (owner === instance) return []
      const both = `${label(owner)} and ${label(instance)}`
      const place = describe(address, port)
      return [
        refuse(`${both} listen on the same address and port, ${place}: mail would be split between them at random`, {
          instance: instance.config_directory,
          suggestions: [moveAway(instance, listener)],
        }),
      ]
    })
  },
} satisfies Rule

export const listenerShadowed = {
  name: 'listener-shadowed',
  because:
    'An instance that listens on one address takes its connections from one that listens on all of them; before Postfix ' +
    '3.6 only the first of them starts.',
  wants: {listeners: true},
  anyOrder: true,
  check(instances) {
    const ofAll = new Map<string, InstanceView>()
    const ofOne = new Map<string, {instance: InstanceView; address: string}>()
    return lookAtEach(instances, ({instance, address, port}) => {
      const family = `${address.includes(':') ? 'IPv6' : 'IPv4'} ${port}`
      if (isWildcard(address)) {
        claim(ofAll, family, instance)
        const earlier = ofOne.get(family)
        if (earlier === undefined || earlier.instance === instance) return []
        return [shadowed(instance, earlier.instance, earlier.address, port, instance)]
      }
      claim(ofOne, family, {instance, address})
      const earlier = ofAll.get(family)
      return earlier === undefined || earlier === instance ? [] : [shadowed(earlier, instance, address, port, instance)]
    })
  },
} satisfies Rule

function shadowed(loser: InstanceView, winner: InstanceView, address: string, port: number, later: InstanceView) {
  const message =
    `${label(loser)} listens on ${describe('0.0.0.0', port)}, ` +
    `but connections to ${describe(address, port)} would go to ${label(winner)} alone`
  return warn(message, {instance: later.config_directory})
}

interface Bound {
  instance: InstanceView
  listener: Listener
  address: string
  port: number
}

/** What is found at each address and port of the enabled instances; once, where IPv4 and IPv6 say the same. */
function lookAtEach(instances: readonly InstanceView[], look: (bound: Bound) => Finding[]): Finding[] {
  const found = instances
    .filter(({multi_instance_enable}) => multi_instance_enable)
    .flatMap((instance) => instance.listeners.flatMap((listener) => boundBy(instance, listener)))
    .flatMap(look)
  return [...new Map(found.map((each) => [each.message, each])).values()]
}

function boundBy(instance: InstanceView, listener: Listener): Bound[] {
  const {addresses, port, enabled} = listener
  return enabled && port !== null ? addresses.map((address) => ({instance, listener, address, port})) : []
}

/** The first who claims it, for all who do. */
function claim<Owner>(owners: Map<string, Owner>, key: string, claimant: Owner): Owner {
  const owner = owners.get(key) ?? claimant
  owners.set(key, owner)
  return owner
}

/** As `postmulti instances show` has it. */
function describe(address: string, port: number): string {
  if (isWildcard(address)) return `*:${port}`
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

/** A service has its address from inet_interfaces, or in its name. */
function moveAway(instance: InstanceView, {service}: Listener): string[] {
  const name = operandOf(instance)
  return ['postmulti', 'instances', 'edit', name, ...(service.includes(':') ? ['--master'] : [])]
}
