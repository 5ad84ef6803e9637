/** The program that starts all instances can be run, and does it. Source: postfix(1). */

import {suggest} from '../../model/base/suggestion.ts'
import {findWrapperFault, wrapperPlaces} from '../../model/instance/wrapper.ts'
import {primaryOf, type Rule, whereSet} from '../rule.ts'

export const wrapperUnusable: Rule = {
  id: 'wrapper-unusable',
  severity: 'error',
  because:
    'postfix start runs the program in multi_instance_wrapper in place of its own work. When it is not there: ' +
    '"postfix: fatal: /usr/local/sbin/nosuch: No such file or directory", and nothing starts at boot. postmulti needs ' +
    '-p -- behind it, and nothing else: without that, it takes start and stop for other commands.',
  check(input) {
    const primary = primaryOf(input)
    const value = primary?.parameter('multi_instance_wrapper') ?? ''
    if (primary === undefined || value === '') return []
    const entries = wrapperPlaces(value).map((path) => ({path, entry: input.host.look(path)}))
    const [first] = entries
    const isUsable = entries.some(
      ({entry}) => entry === undefined || (entry?.kind === 'file' && (entry.mode & 0o111) !== 0),
    )
    const found = entries.find(({entry}) => entry !== null)
    const program = entries.length > 1 ? value.split(' ')[0] : first?.path
    const missing = found === undefined ? 'which is not there' : 'which cannot be run'
    const fault = isUsable ? findWrapperFault(value) : undefined
    if (isUsable && fault === undefined) return []
    return [
      {
        instances: [primary.config_directory],
        at: whereSet(primary, 'multi_instance_wrapper'),
        message:
          fault === undefined
            ? `multi_instance_wrapper has ${program}, ${missing}: postfix start does not start anything`
            : `multi_instance_wrapper is '${value}', and ${fault}`,
        suggestions: [suggest`postmulti instances init`],
      },
    ]
  },
}
