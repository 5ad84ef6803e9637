/** The program that starts all instances can be run. Source: postfix(1). */

import {primaryOf, type Rule, whereSet, words} from '../rule.ts'

export const wrapperUnusable: Rule = {
  id: 'wrapper-unusable',
  severity: 'error',
  because:
    'postfix start runs the program in multi_instance_wrapper in place of its own work. When it is not there: ' +
    '"postfix: fatal: /usr/local/sbin/nosuch: No such file or directory", and nothing starts at boot.',
  check(input) {
    const primary = primaryOf(input)
    const [program = ''] = words(primary?.parameter('multi_instance_wrapper') ?? '')
    if (primary === undefined || !program.startsWith('/')) return []
    const entry = input.host.look(program)
    if (entry === undefined || (entry?.kind === 'file' && (entry.mode & 0o111) !== 0)) return []
    const why = entry === null ? 'which is not there' : 'which cannot be run'
    return [
      {
        instances: [primary.config_directory],
        at: whereSet(primary, 'multi_instance_wrapper'),
        message: `multi_instance_wrapper has ${program}, ${why}: postfix start does not start anything`,
        suggestions: [
          ['postmulti', 'instances', 'set', '-', 'multi_instance_wrapper=${command_directory}/postmulti -p --'],
        ],
      },
    ]
  },
}
