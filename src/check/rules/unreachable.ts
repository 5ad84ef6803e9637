/** Every enabled instance gets mail from somewhere. Source: the flow; an instance without mail runs for nothing. */
import {isReceiver} from '../../flow/services.ts'
import {findUnreachable} from '../../flow/troubles.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {operandOf} from '../../model/instance/instance.ts'
import {enabled, type Rule} from '../rule.ts'

export const unreachable: Rule = {
  id: 'unreachable',
  severity: 'warning',
  because:
    'An instance that listens nowhere, takes no mail by sendmail(1), and gets none from another instance has nothing ' +
    'to do. The usual cause is a wrong address or port: in a next hop of another instance, or in its own listener. ' +
    'For an instance that listens on this host alone it is only advice, because other programs than Postfix may use ' +
    'it.',
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
