/** Where an enabled instance wants to listen, no other program does. Source: master(8), which cannot bind then. */

import {suggest} from '../../model/base/suggestion.ts'
import {label} from '../../model/instance/instance.ts'
import {describeListener, type Listener} from '../../model/master-cf/listeners.ts'
import type {CheckedInstance, CheckInput, Socket} from '../../model/survey/check-input.ts'
import {enabled, type Flaw, type Rule} from '../rule.ts'

export const portTaken: Rule = {
  id: 'port-taken',
  severity: 'error',
  because:
    'postfix start only says "mail system startup failed". The reason is in the log, if there is one by then. This ' +
    'rule looks up the holder of the port in /proc.',
  check(input) {
    const sockets = Map.groupBy(input.host.sockets(), ({port}) => port)
    return enabled(input).flatMap((each) => {
      const wanted = each.listeners.flatMap((listener) => {
        const taken = listener.enabled && listener.port !== null ? sockets.get(listener.port) : undefined
        return taken === undefined ? [] : {listener, taken}
      })
      // What runs has its ports.
      if (wanted.length === 0 || input.host.masterOf(each) !== null) return []
      return wanted.flatMap(({listener, taken}) => examineListener(each, listener, taken, input))
    })
  },
}

function examineListener(
  subject: CheckedInstance,
  listener: Listener,
  sockets: readonly Socket[],
  input: CheckInput,
): Flaw[] {
  for (const socket of sockets.filter(({address}) => listener.addresses.some((each) => overlap(each, address)))) {
    const holder = input.host.holderOf(socket)
    const isOurs = holder && input.instances.some((each) => input.host.masterOf(each)?.pid === holder.pid)
    // listener-shared reports what instances take from each other.
    if (holder === null || isOurs) continue
    const who = holder === undefined ? 'another program' : `${holder.name} (process ${holder.pid})`
    return [
      {
        instances: [subject.config_directory],
        at: {file: `${subject.config_directory}/master.cf`, line: serviceLine(subject, listener)},
        message: `${label(subject)} wants to listen on ${describeListener(listener)}, which ${who} has: it does not start`,
        suggestions: holder === undefined ? [suggest`ss -tlnp`] : [suggest`ps -fp ${holder.pid}`],
      },
    ]
  }
  return []
}

/** A program that listens on :: mostly takes IPv4, too. */
function overlap(wanted: string, taken: string): boolean {
  if (wanted === taken || taken === '::') return true
  const isOneFamily = wanted.includes(':') === taken.includes(':')
  return isOneFamily && ['0.0.0.0', '::'].some((each) => each === wanted || each === taken)
}

function serviceLine({services}: CheckedInstance, {service}: Listener): number | null {
  return services.find(({name, type}) => `${name}/${type}` === service)?.line ?? null
}
