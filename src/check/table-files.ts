/** The files behind the lookup tables that instances name. Source: DATABASE_README; postmap(1). */
import {own} from '../model/base/own.ts'
import {operands, type Suggestion, suggest} from '../model/base/suggestion.ts'
import type {Step} from '../model/change/plan.ts'
import {logicalLines} from '../model/main-cf/lines.ts'
import type {CheckHost, CheckInput} from '../model/survey/check-input.ts'
import {type Flaw, primaryOf, words} from './rule.ts'
import type {TableUse} from './table-uses.ts'

export interface TableFile extends TableUse {
  /** TYPE:PATH */
  table: string
  type: string
  source: string
  /** What is looked up: the indexed files, or the source itself. */
  files: string[]
  /** Null where the source is what is looked up. */
  builder: 'postmap' | 'postalias' | null
}

const databaseSuffixes: Record<string, string[]> = {
  btree: ['.db'],
  cdb: ['.cdb'],
  dbm: ['.pag', '.dir'],
  hash: ['.db'],
  lmdb: ['.lmdb'],
  sdbm: ['.pag', '.dir'],
}
/** The table itself, or how to ask a server for it. */
const plainTypes = ['cidr', 'pcre', 'regexp', 'texthash']
const clientTypes = ['ldap', 'memcache', 'mongodb', 'mysql', 'pgsql', 'sqlite']

/** Postfix makes and fills these itself; only newaliases(1) opens alias_database. */
const ownFiles =
  /\b(?:address_verify_map|postscreen_cache_map|alias_database|\w+_tls_session_cache_database|\w+_sasl_auth_cache_name)$/

export function findTableFiles(uses: readonly TableUse[]): TableFile[] {
  return uses.flatMap((use) => {
    const {subject, word, parameters} = use
    if (word.kind !== 'table' || word.name.startsWith('{') || parameters.every((each) => ownFiles.test(each))) return []
    const {text: table, type, name} = word
    const isPath = clientTypes.includes(type) ? /^[/.]/.test(name) : plainTypes.includes(type)
    const endings = own(databaseSuffixes, type) ?? (isPath ? [''] : [])
    if (endings.length === 0 || name === '') return []
    // Daemons run there.
    const source = name.startsWith('/') ? name : `${subject.queue_directory}/${name}`
    const files = endings.map((each) => source + each)
    const builder = files.includes(source) ? null : builderOf(use, table)
    return [{...use, table, type, source, files, builder}]
  })
}

/** Another parameter may name them, too: `local_recipient_maps = $alias_maps`. */
function builderOf({subject, parameters}: TableUse, table: string): 'postmap' | 'postalias' {
  const isAliases = (parameter: string): boolean =>
    words(subject.parameter(parameter)).some((each) => each.replace(/^(?:proxy:)+/, '') === table)
  const isNamedSo = parameters.some((each) => /\balias_(?:maps|database)$/.test(each))
  return isNamedSo || isAliases('alias_maps') || isAliases('alias_database') ? 'postalias' : 'postmap'
}

/** Daemons and postmap(1) find the same file by it. */
export function isAbsolute({table, source}: TableFile): boolean {
  return table.endsWith(`:${source}`)
}

/** None where there is nothing to make it of. */
export function buildCommands(file: TableFile, host: CheckHost): Suggestion[] {
  const {subject, table, source, builder} = file
  if (builder === null || !isAbsolute(file) || !host.look(source)) return []
  return [suggest`${builder} -c ${subject.config_directory} ${operands(table)}`]
}

/** A flaw that is mended by building the table, or says why it is not. */
export function withFix(flaw: Omit<Flaw, 'fix'>, table: TableFile, all: readonly TableFile[], input: CheckInput): Flaw {
  const fix = buildFix(table, all, input)
  if (fix === undefined) return flaw
  const unfit = whyUnfit(table, input.host)
  if (unfit !== undefined) return {...flaw, message: `${flaw.message}; --fix skips it, because ${unfit}`}
  const runner = input.host.runner(fix)
  if (runner.as !== 'none') return {...flaw, fix: [fix]}
  return {
    ...flaw,
    message: `${flaw.message}; --fix skips it, because others could make ${table.builder} write elsewhere: ${runner.why}`,
    suggestions: [...(flaw.suggestions ?? []), ...runner.remedy],
  }
}

/** Undefined where instances want to have another thing made of the same file, or there is nothing to make it of or with. */
function buildFix(
  file: TableFile,
  all: readonly TableFile[],
  input: CheckInput,
): (Step & {do: 'run program'}) | undefined {
  const {subject, table, builder, source, files} = file
  const others = all.filter((each) => each.files.some((file) => files.includes(file)))
  const isOne = others.every((each) => each.table === table && each.builder === builder)
  const primary = primaryOf(input)
  if (
    builder === null ||
    input.host.look(source)?.kind !== 'file' ||
    !isOne ||
    !isAbsolute(file) ||
    primary === undefined
  )
    return undefined
  const program = `${primary.parameter('command_directory')}/${builder}`
  const words = [program, '-c', subject.config_directory, table]
  return {do: 'run program', words, directory: '/', changes: files, undo: []}
}

/**
 * A table without the entries that it should have is worse than none: mail is refused then, or goes elsewhere. Source:
 * postmap(1) and postalias(1) for the format.
 */
function whyUnfit({source, builder}: TableFile, host: CheckHost): string | undefined {
  const text = host.text(source)
  if (text === null || text === undefined) return `${source} cannot be read`
  if (/[^\t\n\f\r -~\x80-\xff]/.test(text)) return `${source} is no text`
  const entries = [...logicalLines(text)]
  if (entries.length === 0) return `${source} has no entries`
  if (!text.endsWith('\n')) return `the last line of ${source} may have been cut off`
  const isEntry = builder === 'postalias' ? /^[^:]+:\s*\S/ : /^(?:"(?:[^"\\]|\\.)*"|\S+)\s+\S/
  const odd = entries.find((each) => !isEntry.test(each.text))
  return odd && `line ${odd.line} of ${source} is no entry`
}
