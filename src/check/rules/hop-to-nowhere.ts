/** Every next hop on this host has a listener. */

import {type Suggestion, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {CheckInput} from '../../model/survey/check-input.ts'
import {type Flaw, type Rule, suggestSwitchingOn} from '../rule.ts'
import {arrivalOf, type CheckedWay, waysOf} from '../ways.ts'

export const hopToNowhere: Rule = {
  id: 'hop-to-nowhere',
  severity: 'error',
  because:
    'Mail for an address of this host without a listener is deferred ("Connection refused"), and bounces days later. ' +
    'The instance there may be disabled, may have its services switched off by master_service_disable, or may listen ' +
    'at another port. Or another program than Postfix should listen there, and does not run. Mail for a transport ' +
    'that master.cf does not have, or that is switched off, is deferred, too.',
  check(input, mailFlow) {
    return waysOf(input, mailFlow, ({trouble}) => trouble !== null).flatMap((each) => examineHop(each, input))
  },
}

function examineHop({from, edge, named, at}: CheckedWay, input: CheckInput): Flaw[] {
  const {kind, place} = edge.trouble!
  const start = `${label(from)} sends to ${place} (${named})`
  const flaw = (what: string, suggestions: readonly Suggestion[], more: string[] = []): Flaw[] => [
    {instances: [edge.from, ...more], at, message: `${what}: the mail stays in the queue`, suggestions},
  ]
  const show = suggest`postmulti instances show ${operandOf(from)}`
  switch (kind) {
    case 'itself':
      // hop-to-self says more.
      return []
    case 'nobody':
      return flaw(`${start}, which has no listener`, [show, suggest`ss -tlnp`])
    case 'no transport':
      return examineTransport()
  }
  const {instance: asleep, place: where} = arrivalOf(edge, input)
  const what = `${start}, to ${label(asleep)} (${where})`
  return kind === 'disabled'
    ? flaw(`${what}, which is disabled`, [suggest`postmulti instances enable ${operandOf(asleep)}`], [edge.to])
    : flaw(
        `${what}, which has that service switched off by master_service_disable`,
        [suggest`postmulti instances set ${operandOf(asleep)} master_service_disable=`],
        [edge.to],
      )

  function examineTransport(): Flaw[] {
    const by = `${label(from)} sends by transport ${place} (${named}), which`
    const isThere = from.services.some(({name, type}) => name === place && type === 'unix')
    if (!isThere) return flaw(`${by} its master.cf does not have`, [show])
    return flaw(`${by} master_service_disable switches off`, [suggestSwitchingOn(from, `${place}/unix`)])
  }
}
