/** Every table that an enabled instance names is there, in the type that it is named with, and Postfix has that type. */

import {operands, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {nearest} from '../../model/instance/nearest.ts'
import {tableTypesIn} from '../../model/master-cf/lookup-tables.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {enabled, type Flaw, type Rule, whereSet} from '../rule.ts'
import {findTableFiles, type TableFile, withFix} from '../table-files.ts'

export const tableMissing: Rule = {
  id: 'table-missing',
  severity: 'error',
  because:
    'Postfix does not work without a table that it cannot open: "cdb:/etc/postfix-out/transport is unavailable. open ' +
    'database ...: No such file or directory". It defers all mail that needs the table, or answers with 451. The ' +
    'usual cause is a table of another type than main.cf names. A type that this Postfix does not have (postconf -m) ' +
    'is as bad: "unsupported dictionary type".',
  check(input) {
    const all = findTableFiles(input)
    const missing = all
      .filter(({table: {files}}) => files.some((file) => input.host.look(file) === null))
      .map((each) => {
        const {subject, table} = each
        const flaw = {
          instances: [subject.config_directory],
          at: table.at,
          message: `${label(subject)} refers to ${table.table} (${table.parameters.join(', ')}), but ${whatIs(table, input.host)}: mail is deferred`,
          suggestions: input.host.look(table.source)
            ? [suggest`${table.builder} -c ${subject.config_directory} ${operands(table.table)}`]
            : [],
        }
        return withFix(flaw, each, all, input)
      })
    return [...enabled(input).flatMap((each) => findStrange(each, input.host)), ...missing]
  },
}

/** Of main.cf. */
function findStrange(subject: CheckedInstance, host: CheckHost): Flaw[] {
  return [...subject.settings].flatMap(([name, {value}]) =>
    tableTypesIn(name, value).flatMap((type) => {
      const types = host.tableTypes()
      if (types === undefined || types.includes(type)) return []
      return {
        instances: [subject.config_directory],
        at: whereSet(subject, name),
        message: `${name} of ${label(subject)} has a table of the type ${type}, which this Postfix does not have: mail is deferred`,
        suggestions: nearest(type, types).map((each) => {
          const meant = value.replaceAll(`${type}:`, `${each}:`)
          return suggest`postmulti instances set ${operandOf(subject)} ${name}=${meant}`
        }),
      }
    }),
  )
}

function whatIs({source, files}: TableFile, host: CheckHost): string {
  const missing = files.find((file) => host.look(file) === null) ?? source
  if (host.look(source) === null) return `${source} is not there`
  const others = ['.db', '.cdb', '.lmdb'].map((each) => source + each).filter((each) => host.look(each) !== null)
  return others.length === 0 ? `${missing} was not built` : `${missing} was not built (${others.join(', ')} was)`
}
