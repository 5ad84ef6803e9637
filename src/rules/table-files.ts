/** The files behind the lookup tables that instances name. Source: DATABASE_README; postmap(1). */
import type {Subject} from '../model/scene.ts'
import {type Place, placeOf, placeOfService} from './rule.ts'

export interface TableFile {
  /** TYPE:PATH */
  table: string
  source: string
  /** What is looked up: the indexed files, or the source itself. */
  files: string[]
  builder: 'postmap' | 'postalias'
  /** Where it is named. */
  parameters: readonly string[]
  at: Place | undefined
}

const suffixes: Record<string, string[]> = {
  btree: ['.db'],
  cdb: ['.cdb'],
  dbm: ['.pag', '.dir'],
  hash: ['.db'],
  lmdb: ['.lmdb'],
  sdbm: ['.pag', '.dir'],
}
const plain = ['cidr', 'pcre', 'regexp', 'texthash']

/** Postfix makes and fills these itself. */
const caches = /\b(?:address_verify_map|postscreen_cache_map|\w+_tls_session_cache_database)$/

export function findTableFiles(subject: Subject): TableFile[] {
  return subject.tables.flatMap(({table: named, parameters}) => {
    const table = named.replace(/^proxy:/, '')
    const [, type = '', source = ''] = /^(\w+):(\/.+)$/.exec(table) ?? []
    const endings = suffixes[type] ?? (plain.includes(type) ? [''] : [])
    if (endings.length === 0 || parameters.some((each) => caches.test(each))) return []
    const builder = parameters.some((each) => /\balias_(?:maps|database)$/.test(each)) ? 'postalias' : 'postmap'
    const files = endings.map((each) => source + each)
    return [{table, source, files, builder, parameters, at: placeOfTable(subject, parameters[0] ?? '')}]
  })
}

/** PARAMETER, or SERVICE/TYPE: PARAMETER. */
function placeOfTable(subject: Subject, parameter: string): Place | undefined {
  const [, service] = /^(.*): /.exec(parameter) ?? []
  if (service === undefined) return placeOf(subject, parameter)
  const line = subject.services.find(({name, type}) => `${name}/${type}` === service)
  return line === undefined ? undefined : placeOfService(subject, line)
}
