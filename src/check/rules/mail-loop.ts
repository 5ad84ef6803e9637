/** No mail comes back to an instance that had it, by way of others. Source: cleanup(8), hopcount_limit. */
import {findRemarks} from '../../flow/troubles.ts'
import {suggest} from '../../model/base/suggestion.ts'
import type {Rule} from '../rule.ts'
import {waysOf} from '../ways.ts'

export const mailLoop: Rule = {
  id: 'mail-loop',
  severity: 'error',
  because:
    'Instances with names of their own do not notice that they hand each other the same mail. It goes round until it ' +
    'has as many Received: lines as hopcount_limit (50) allows. Then it bounces: "too many hops". Where a filter is ' +
    'on the way, its next hop is a guess, so the loop is only a warning.',
  check(input, mailFlow) {
    const {flow, host} = mailFlow()
    const loops = findRemarks(flow, host).filter(({kind}) => kind === 'loop')
    return loops.map(({nodes, message}) => {
      const members = input.instances.filter((each) => nodes.includes(each.config_directory))
      const steps = nodes.slice(1).map((to, at) => `${nodes[at]} ${to}`)
      const [way] = waysOf(
        input,
        mailFlow,
        ({from, to, trouble}) => trouble === null && steps.includes(`${from} ${to}`),
      )
      return {
        instances: members.map((each) => each.config_directory),
        at: way?.at,
        message: `${message.replace(/^m/, 'M')}: it bounces after too many hops`,
        suggestions: [suggest`postmulti flow`],
        // What is not an instance is a filter.
        severity: members.length < new Set(nodes).size ? 'warning' : 'error',
      }
    })
  },
}
