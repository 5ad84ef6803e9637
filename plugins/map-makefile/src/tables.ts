/** The tables that an instance refers to, and the files behind them. Source: DATABASE_README. */
import type {InstanceView} from '@postmulti/plugin-api'

export interface Table {
  /** TYPE:SOURCE */
  table: string
  type: string
  /** Absolute. */
  source: string
  /** What is made of it; none when the source itself is looked up. */
  databases: string[]
  builder: 'postmap' | 'postalias'
  /** Where it is named. */
  parameters: readonly string[]
}

/** The first of them is written whenever the table is. */
const suffixes: Record<string, string[]> = {
  hash: ['.db'],
  btree: ['.db'],
  cdb: ['.cdb'],
  lmdb: ['.lmdb'],
  dbm: ['.pag', '.dir'],
  sdbm: ['.pag', '.dir'],
}

/** Postfix makes and fills these itself. */
const caches = /\b(?:address_verify_map|postscreen_cache_map|\w+_tls_session_cache_database)$/

/** Each once, sorted. A name that is not an absolute path belongs to a server. */
export function findTables({tables, parameters: {alias_maps, alias_database}}: InstanceView): Table[] {
  // Another parameter may name them, too: `local_recipient_maps = $alias_maps`.
  const aliases = `${alias_maps} ${alias_database}`.split(/[\s,]+/).map(plain)
  return [...new Set(tables.map((each) => plain(each.table)))].sort().flatMap((table) => {
    const parameters = tables.filter((each) => plain(each.table) === table).flatMap((each) => each.parameters)
    const [, type = '', source = ''] = /^(\w+):(\/.+)$/.exec(table) ?? []
    if (source === '' || parameters.some((each) => caches.test(each))) return []
    const isAliases = aliases.includes(table) || parameters.some((each) => /\balias_(?:maps|database)$/.test(each))
    const databases = (Object.hasOwn(suffixes, type) ? suffixes[type]! : []).map((each) => source + each)
    return [{table, type, source, databases, builder: isAliases ? 'postalias' : 'postmap', parameters}]
  })
}

function plain(table: string): string {
  return table.replace(/^proxy:/, '')
}
