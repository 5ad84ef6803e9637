/** What a distribution has put into the prototype does not defeat what the site has set. Source: Debian's main.cf.proto. */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {logicalLines} from '../../model/main-cf/lines.ts'
import {type Flaw, primaryOf, type Rule, secondaries, whereSet} from '../rule.ts'

export const stockOverride: Rule = {
  id: 'stock-override',
  severity: 'warning',
  because:
    "New instances begin with the prototype's main.cf. Debian's sets mynetworks, which overrides mynetworks_style: " +
    'an instance meant to trust this host alone trusts 127.0.0.0/8 and everything else in that list.',
  check(input) {
    const prototype = input.host.text(`${primaryOf(input)?.parameter('meta_directory')}/main.cf.proto`) ?? ''
    const stock = new Set([...logicalLines(prototype)].map(({text}) => text.replace(/\s+/g, '')))
    return secondaries(input).flatMap((each): Flaw[] => {
      const name = label(each)
      const about = {instances: [each.config_directory]}
      const both = each.settings.has('mynetworks') && each.settings.has('mynetworks_style')
      const protocols = each.settings.get('inet_protocols')?.value
      const isStock = stock.has(`inet_protocols=${protocols?.replace(/\s+/g, '')}`)
      const isOther = protocols !== primaryOf(input)?.parameter('inet_protocols')
      return [
        ...(both
          ? [
              {
                ...about,
                at: whereSet(each, 'mynetworks'),
                message: `${name} sets mynetworks and mynetworks_style: the latter has no effect`,
                suggestions: [suggest`postmulti instances unset ${operandOf(each)} mynetworks`],
              },
            ]
          : []),
        ...(protocols !== undefined && isStock && isOther
          ? [
              {
                ...about,
                at: whereSet(each, 'inet_protocols'),
                severity: 'advice' as const,
                message: `${name} has inet_protocols = ${protocols} from the prototype, and the primary another value`,
                suggestions: [suggest`postmulti instances unset ${operandOf(each)} inet_protocols`],
              },
            ]
          : []),
      ]
    })
  },
}
