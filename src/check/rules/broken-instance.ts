/** Every instance that is listed can be read. */
import {cannotBeRead} from '../../model/instance/cannot-be-read.ts'
import {describeDamage} from '../../model/instance/instance.ts'
import type {Rule} from '../rule.ts'

export const brokenInstance: Rule = {
  id: 'broken-instance',
  severity: 'error',
  because:
    'postmulti(1) stops at the first instance whose main.cf is missing or invalid: list, status, start and stop of ' +
    'all others fail. This postmulti skips it; the instance itself cannot run.',
  check({damaged}) {
    return damaged.map((each) => ({
      instances: [each.config_directory],
      at: {file: each.file, line: each.line ?? null},
      message: `${each.config_directory} cannot be read (${describeDamage(each)}): it cannot be started or stopped`,
      suggestions: cannotBeRead(each).suggestions,
    }))
  },
}
