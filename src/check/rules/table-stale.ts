/** Indexed files are not older than what they were made of. Source: DATABASE_README, "Updating Postfix lookup tables". */

import {label} from '../../model/instance/instance.ts'
import type {Rule} from '../rule.ts'
import {buildCommands, findTableFiles, withFix} from '../table-files.ts'
import {findTableUses} from '../table-uses.ts'

export const tableStale: Rule = {
  id: 'table-stale',
  severity: 'warning',
  because:
    'Postfix reads the indexed file, so an edit of the source has no effect until postmap(1) has run. Postfix warns ' +
    'about it in the log, but only after a while.',
  check(input) {
    const {host} = input
    const all = findTableFiles(findTableUses(input))
    return all
      .filter(({source, files}) => {
        const written = host.look(source)?.modified
        return files.some(
          (file) => file !== source && written !== undefined && isOlder(host.look(file)?.modified, written),
        )
      })
      .map((each) => {
        const {subject, table, source, at} = each
        const flaw = {
          instances: [subject.config_directory],
          at,
          message: `${label(subject)} uses ${table}, and ${source} was changed since it was built: the change has no effect`,
          suggestions: buildCommands(each, host),
        }
        return withFix(flaw, each, all, input)
      })
  },
}

/** File systems keep times of their own precision. */
function isOlder(built: number | undefined, written: number): boolean {
  return built !== undefined && built < Math.floor(written)
}
