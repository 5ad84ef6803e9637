/** Where an instance sends on this host, somebody takes the mail. */
import {label} from '../model/instance.ts'
import {describeListener} from '../model/listeners.ts'
import type {Scene} from '../model/scene.ts'
import {findHops, findReceivers, type Hop, isLocal, ownAddresses} from './hops.ts'
import {enabled, type Flaw, type Rule} from './rule.ts'

export const hopToNowhere: Rule = {
  id: 'hop-to-nowhere',
  severity: 'error',
  because:
    'Mail for an address of this host where nobody listens is deferred ("Connection refused"), and bounces days later. ' +
    'The instance there may be disabled, may have its services switched off by master_service_disable, or may listen ' +
    'at another port; or a program that is no Postfix does not run.',
  check(scene) {
    return enabled(scene).flatMap((each) => findHops(each, scene.host).flatMap((hop) => lookAt(hop, scene)))
  },
}

function lookAt(hop: Hop, scene: Scene): Flaw[] {
  const {from, addresses, port, nexthop, named, at} = hop
  if (addresses.length === 0 || !addresses.every((each) => isLocal(each, scene.host))) return []
  // hop-to-self says more.
  if (port === 25 && addresses.some((each) => ownAddresses(from, scene.host).includes(each))) return []
  const {taking, silent} = findReceivers(hop, scene)
  if (taking.length > 0) return []
  const [asleep] = silent
  const start = `${label(from)} sends to ${nexthop} (${named})`
  if (asleep !== undefined) {
    const {instance} = asleep
    const isOff = !instance.multi_instance_enable
    const why = isOff ? 'which is disabled' : 'which has that service switched off by master_service_disable'
    const what = `${label(instance)} (${describeListener(asleep.listener)}), ${why}`
    return [
      {
        instances: [from.config_directory, instance.config_directory],
        at,
        message: `${start}, to ${what}: the mail stays in the queue`,
        suggestions: isOff
          ? [`postmulti instances enable ${label(instance)}`]
          : [`postmulti instances set ${label(instance)} master_service_disable=`],
      },
    ]
  }
  const isOpen = scene.host.sockets().some((each) => each.port === port && isAt(each.address, addresses))
  if (isOpen) return []
  const suggestions = [`postmulti instances show ${label(from)}`, 'ss -tlnp']
  return [
    {
      instances: [from.config_directory],
      at,
      message: `${start}, where nobody listens: the mail stays in the queue`,
      suggestions,
    },
  ]
}

function isAt(address: string, wanted: readonly string[]): boolean {
  return address === '0.0.0.0' || address === '::' || wanted.includes(address)
}
