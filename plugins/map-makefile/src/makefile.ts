/** What has to be built for an instance, what cannot be, and the Makefile that does it. Nothing here reads a file. */
import {
  type Answer,
  type Finding,
  type InstanceView,
  label,
  note,
  refuse,
  runProgram,
  type Step,
  writeFile,
} from '@postmulti/plugin-api'
import {findTables, type Table} from './tables.ts'

export interface Host {
  /** When each file was last modified, in any unit; absent when it is not there. */
  modified: ReadonlyMap<string, number>
  /** The Makefile of each config_directory; absent when there is none. */
  makefiles: ReadonlyMap<string, string>
  /** The types that are plugged in; null when this Postfix has what it knows compiled in. */
  pluggedIn: ReadonlySet<string> | null
}

/** Source: the MAP_OBJ of Postfix's own Makefiles that may come as plug-ins. */
const pluggable = ['cdb', 'ldap', 'lmdb', 'mongodb', 'mysql', 'pcre', 'pgsql', 'sdbm', 'sqlite']

const mark = '# Written by the postmulti plugin map-makefile'

/** A refusal for each table that Postfix could not open, and that nothing is going to build. */
export function checkTables(view: InstanceView, host: Host): Finding[] {
  const instance = view.config_directory
  return findTables(view).flatMap((each) => {
    const {table, source, databases, builder, parameters} = each
    const isThere = (databases.length > 0 ? databases : [source]).every((file) => host.modified.has(file))
    const why = whyUnknown(each, host) ?? (isThere ? undefined : whyNotBuilt(each, instance, host))
    if (why === undefined) return []
    const suggestions = host.modified.has(source) ? [[builder, '-c', instance, table]] : []
    return refuse(`${label(view)} refers to ${table} (${parameters.join(', ')}), but ${why}`, {instance, suggestions})
  })
}

/** No steps when all is well already. */
export function planMakefile(view: InstanceView, host: Host): Answer {
  const directory = view.config_directory
  const path = `${directory}/Makefile`
  const present = host.makefiles.get(directory)
  const tables = findTables(view).filter(({databases}) => databases.length > 0)
  if (isForeign(present)) {
    const message = `${path} was not written by map-makefile, so it is left as it is, and make is not run`
    return tables.length === 0 ? [] : [note(message, {instance: directory, suggestions: [['mv', path, `${path}.old`]]})]
  }
  const built = tables.filter((each) => whyNotBuilt(each, directory, host) === undefined)
  const stale = built.filter(({source, databases}) =>
    databases.some((each) => (host.modified.get(each) ?? -Infinity) < host.modified.get(source)!),
  )
  const text = composeMakefile(directory, built)
  const isAsItShould = present === undefined ? built.length === 0 : present === text
  return [...(isAsItShould ? [] : [writeFile(path, text)]), ...runMake(directory, stale)]
}

/** Once for each directory of tables: whose they are may be somebody else each time, and each make runs as one of them. */
function runMake(directory: string, stale: readonly Table[]): Step[] {
  const places = Map.groupBy(stale, ({source}) => source.slice(0, source.lastIndexOf('/')))
  return [...places.values()].map((tables) => {
    const changes = tables.flatMap((each) => [...each.databases, `${each.source}.new`, ...freshDatabases(each)])
    const targets = places.size === 1 ? [] : tables.map(({databases}) => relativeTo(directory, databases[0]!))
    // -f: a GNUmakefile beside it would be taken first.
    return runProgram(['make', '-f', 'Makefile', ...targets], {directory, changes})
  })
}

function composeMakefile(directory: string, tables: readonly Table[]): string {
  const here = (path: string): string => relativeTo(directory, path)
  const local = tables.map((each) => ({...each, source: here(each.source), databases: each.databases.map(here)}))
  return `${mark}, which writes it anew when other tables are referred to.
# Without the line above it is yours, and the plugin leaves it alone.
#
# make: bring every table up to date that main.cf and master.cf refer to.

all: ${local.map(({databases}) => databases[0]).join(' ')}
${local.map(composeRule).join('')}`
}

function relativeTo(directory: string, path: string): string {
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path
}

/** The new table takes the old one's place when it is complete: most types are written in place. */
function composeRule({type, source, databases, builder}: Table): string {
  const moves = freshDatabases({source, databases}).map((each, index) => `mv ${each} ${databases[index]}`)
  const recipe = [
    `cp -p ${source} ${source}.new`,
    `${builder} -c . ${type}:${source}.new`,
    ...moves,
    `rm ${source}.new`,
  ]
  return `\n${databases[0]}: ${source}\n${recipe.map((each) => `\t${each}\n`).join('')}`
}

function freshDatabases({source, databases}: Pick<Table, 'source' | 'databases'>): string[] {
  return databases.map((each) => each.replace(source, `${source}.new`))
}

/** Undefined when the Makefile builds it. */
function whyNotBuilt(table: Table, config_directory: string, host: Host): string | undefined {
  const {source, databases} = table
  if (!host.modified.has(source)) return `there is no ${source}${databases.length > 0 ? ' to build it from' : ''}`
  if (isForeign(host.makefiles.get(config_directory))) return "it is not built, and the Makefile is not map-makefile's"
  // Of other names make(1) and sh(1) would make something else.
  return /^(?:\/\w[\w+,.@-]*)+$/.test(source) ? whyUnknown(table, host) : 'make(1) cannot handle its name'
}

function whyUnknown({type}: Table, {pluggedIn}: Host): string | undefined {
  if (pluggedIn === null || pluggedIn.has(type) || !pluggable.includes(type)) return undefined
  return `this Postfix knows no type ${type}: is its package postfix-${type} installed?`
}

function isForeign(makefile: string | undefined): boolean {
  return makefile !== undefined && !makefile.startsWith(mark)
}
