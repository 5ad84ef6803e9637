/** Several instances need a program that starts them all. Source: postfix(1); postfix-wrapper(5). */

import {suggest} from '../../model/base/suggestion.ts'
import {stockWrapper} from '../../model/change/request.ts'
import {primaryOf, type Rule, whereSet} from '../rule.ts'

export const wrapperMissing: Rule = {
  id: 'wrapper-missing',
  severity: 'error',
  because:
    'postfix start, and so the start of the system, ends with "multi-instance support is requested, but ' +
    'multi_instance_wrapper is empty": no instance runs, not even the primary.',
  check(input) {
    const primary = primaryOf(input)
    if (primary === undefined || primary.parameter('multi_instance_directories') === '') return []
    if (primary.parameter('multi_instance_wrapper') !== '') return []
    const {config_directory} = primary
    const program = input.host.look(`${primary.parameter('command_directory')}/postmulti`)
    const isThere = program?.kind === 'file' && (program.mode & 0o111) !== 0
    return [
      {
        instances: [config_directory],
        at: whereSet(primary, 'multi_instance_wrapper') ?? whereSet(primary, 'multi_instance_directories'),
        message: 'multi_instance_wrapper is empty: postfix start refuses to start anything',
        suggestions: [suggest`postmulti instances init`],
        fix: isThere
          ? [{do: 'edit main.cf', config_directory, set: {multi_instance_wrapper: stockWrapper}}]
          : undefined,
      },
    ]
  },
}
