/** Every enabled instance gets mail from somewhere. Source: the flow; what nobody hands mail, runs for nothing. */
import {isReceiver} from '../../flow/services.ts'
import {findUnreachable} from '../../flow/troubles.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {operandOf} from '../../model/instance/instance.ts'
import {enabled, type Rule} from '../rule.ts'

export const unreachable: Rule = {
  id: 'unreachable',
  severity: 'warning',
  because:
    'An instance that listens nowhere, that nobody may hand mail by sendmail(1), and that no other instance sends to ' +
    'has nothing to do: mostly a next hop of another one, or its own listener, has the wrong address or port. One that ' +
    'listens on this host alone is only told as advice, because programs that are no Postfix may use it.',
  check(input, mailFlow) {
    const {flow, host} = mailFlow()
    const subjects = new Map(enabled(input).map((each) => [each.config_directory, each]))
    return findUnreachable(flow, host).flatMap(({nodes: [id = ''], message}) => {
      const subject = subjects.get(id)
      if (subject === undefined) return []
      return {
        instances: [id],
        at: {file: `${id}/master.cf`, line: null},
        message,
        severity: subject.listeners.some((each) => each.enabled && isReceiver(each.command))
          ? ('advice' as const)
          : ('warning' as const),
        suggestions: [suggest`postmulti flow`, suggest`postmulti instances show ${operandOf(subject)}`],
      }
    })
  },
}
