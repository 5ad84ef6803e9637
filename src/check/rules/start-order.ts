/** Who takes mail starts before who sends it. Source: MULTI_INSTANCE_README; postconf(5), multi_instance_directories. */

import type {Edge} from '../../flow/graph.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {Rule} from '../rule.ts'
import {arrivalOf, waysOf} from '../ways.ts'

export const startOrder: Rule = {
  id: 'start-order',
  severity: 'warning',
  because:
    'Instances start in the order of multi_instance_directories. Mail that is sent before the receiver runs is deferred, ' +
    'and tried again after minimal_backoff_time, 300 seconds, although the receiver was there half a second later.',
  check(input, mailFlow) {
    const order = new Map(input.instances.map((each, index) => [each.config_directory, index]))
    const placeOf = (id: string): number => order.get(id) ?? Number.NaN
    const isEarly = (from: string, to: string): boolean => placeOf(from) < placeOf(to)
    const ways = waysOf(
      input,
      mailFlow,
      (each) => each.into !== null && each.trouble === null && isEarly(each.from, each.to) && !isSecondChoice(each),
    )
    // The primary comes first, whatever it does.
    const early = ways.filter(({from}) => !from.primary)
    const unique = new Map(early.map((way) => [`${way.edge.from} ${way.edge.to}`, way]))
    return [...unique.values()].map(({from, edge, at}) => {
      const {instance: later, place} = arrivalOf(edge, input)
      return {
        instances: [edge.from, edge.to],
        at,
        message: `${label(from)} sends to ${label(later)} (${place}), which starts after it: mail waits for five minutes at each start`,
        suggestions: [suggest`postmulti instances reorder ${operandOf(from)} --after ${operandOf(later)}`],
      }
    })
  },
}

/** For mail that has waited for another one already. */
function isSecondChoice({mail}: Edge): boolean {
  return mail.length > 0 && mail.every((each) => each.class === 'fallback')
}
