/** Every table that an enabled instance names is there, in the type that it is named with. */
import {label} from '../model/instance.ts'
import type {SceneHost} from '../model/scene.ts'
import {operands, suggest} from '../model/suggestion.ts'
import type {Rule} from './rule.ts'
import {findTableFiles, type TableFile, withFix} from './table-files.ts'

export const tableMissing: Rule = {
  id: 'table-missing',
  severity: 'error',
  because:
    'Postfix does not do without a table that it cannot open: "cdb:/etc/postfix-out/transport is unavailable. open ' +
    'database ...: No such file or directory", and all mail that needs it is deferred or answered with 451. The usual ' +
    'cause is a table that was built with another type than the one in main.cf.',
  check(scene) {
    const all = findTableFiles(scene)
    return all
      .filter(({table: {files}}) => files.some((file) => scene.host.look(file) === null))
      .map((each) => {
        const {subject, table} = each
        const flaw = {
          instances: [subject.config_directory],
          at: table.at,
          message: `${label(subject)} refers to ${table.table} (${table.parameters.join(', ')}), but ${whatIs(table, scene.host)}: mail is deferred`,
          suggestions: scene.host.look(table.source)
            ? [suggest`${table.builder} -c ${subject.config_directory} ${operands(table.table)}`]
            : [],
        }
        return withFix(flaw, each, all, scene)
      })
  },
}

function whatIs({source, files}: TableFile, host: SceneHost): string {
  const missing = files.find((file) => host.look(file) === null) ?? source
  if (host.look(source) === null) return `${source} is not there`
  const others = ['.db', '.cdb', '.lmdb'].map((each) => source + each).filter((each) => host.look(each) !== null)
  return others.length === 0 ? `${missing} was not built` : `${missing} was not built (${others.join(', ')} was)`
}
