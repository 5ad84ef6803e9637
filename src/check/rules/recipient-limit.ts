/** A filter gets each message once. Source: MULTI_INSTANCE_README, smtp_destination_recipient_limit. */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {CheckedInstance} from '../../model/survey/check-input.ts'
import {type Rule, whereSet} from '../rule.ts'
import {waysOf} from '../ways.ts'

export const recipientLimit: Rule = {
  id: 'recipient-limit',
  severity: 'advice',
  because:
    'A message with more recipients than TRANSPORT_destination_recipient_limit (50) is handed to the filter in pieces, ' +
    'and filtered as often. Up to smtpd_recipient_limit (1000) recipients come in together.',
  check(input, mailFlow) {
    const programs = new Map(
      mailFlow().flow.nodes.flatMap(({kind, id, label: name}) => (kind === 'program' ? [[id, name] as const] : [])),
    )
    const toFilters = waysOf(input, mailFlow, ({to, by, program}) => {
      const isFilter = by.includes('content_filter') || by.includes('default_transport')
      return isFilter && (program === 'smtp' || program === 'lmtp') && programs.has(to)
    })
    const few = toFilters.filter(({from, edge}) => {
      const limit = from.parameter(`${edge.transport}_destination_recipient_limit`)
      return Number(limit || from.parameter('default_destination_recipient_limit')) < wantedBy(from)
    })
    const unique = new Map(few.map((way) => [`${way.edge.from} ${way.edge.transport}`, way]))
    return [...unique.values()].map(({from, edge, at}) => {
      const limit = `${edge.transport}_destination_recipient_limit`
      return {
        instances: [edge.from],
        at: whereSet(from, limit) ?? at,
        message: `${label(from)} hands messages to the filter at ${programs.get(edge.to)} in pieces of fewer than ${wantedBy(from)} recipients: they are filtered several times`,
        suggestions: [suggest`postmulti instances set ${operandOf(from)} ${limit}=${wantedBy(from)}`],
      }
    })
  },
}

function wantedBy(from: CheckedInstance): number {
  return Number(from.parameter('smtpd_recipient_limit'))
}
