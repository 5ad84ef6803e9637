/** The files behind the lookup tables that instances name. Source: DATABASE_README; postmap(1). */
import {own} from '../model/base/own.ts'
import type {Step} from '../model/change/plan.ts'
import type {CheckedInstance, CheckInput} from '../model/survey/check-input.ts'
import {enabled, type FileLine, type Flaw, placeOfService, primaryOf, runningServices, whereSet, words} from './rule.ts'

export interface TableFile {
  /** TYPE:PATH */
  table: string
  source: string
  /** What is looked up: the indexed files, or the source itself. */
  files: string[]
  builder: 'postmap' | 'postalias'
  /** Where it is named. */
  parameters: readonly string[]
  at: FileLine | undefined
}

const databaseSuffixes: Record<string, string[]> = {
  btree: ['.db'],
  cdb: ['.cdb'],
  dbm: ['.pag', '.dir'],
  hash: ['.db'],
  lmdb: ['.lmdb'],
  sdbm: ['.pag', '.dir'],
}
const textTypes = ['cidr', 'pcre', 'regexp', 'texthash']

/** Postfix makes and fills these itself. */
const caches = /\b(?:address_verify_map|postscreen_cache_map|\w+_tls_session_cache_database)$/

/** Of each enabled instance; what several services name, with proxy: or without, is there once. */
export function findTableFiles(input: CheckInput): {subject: CheckedInstance; table: TableFile}[] {
  return enabled(input).flatMap((subject) => tablesOf(subject).map((table) => ({subject, table})))
}

function tablesOf(subject: CheckedInstance): TableFile[] {
  // Another parameter may name them, too: `local_recipient_maps = $alias_maps`.
  const aliases = ['alias_maps', 'alias_database'].flatMap((each) => words(subject.parameter(each))).map(behindProxy)
  const named = Map.groupBy(subject.tables, (each) => behindProxy(each.table))
  const running = runningServices(subject)
  const off = subject.services.flatMap((each) => (running.includes(each) ? [] : `${each.name}/${each.type}`))
  return [...named].flatMap(([table, all]) => {
    const parameters = all
      .flatMap((each) => each.parameters)
      .filter((each) => !off.includes(each.replace(/: .*$/s, '')))
    const [, type = '', source = ''] = /^(\w+):(\/.+)$/.exec(table) ?? []
    const endings = own(databaseSuffixes, type) ?? (textTypes.includes(type) ? [''] : [])
    if (endings.length === 0 || parameters.length === 0 || parameters.some((each) => caches.test(each))) return []
    const isAliases = aliases.includes(table) || parameters.some((each) => /\balias_(?:maps|database)$/.test(each))
    const files = endings.map((each) => source + each)
    const at = placeOfTable(subject, parameters[0] ?? '')
    return [{table, source, files, builder: isAliases ? 'postalias' : 'postmap', parameters, at}]
  })
}

/** A flaw that is mended by building the table, or says why it is not. */
export function withFix(
  flaw: Omit<Flaw, 'fix'>,
  {subject, table}: {subject: CheckedInstance; table: TableFile},
  all: readonly {table: TableFile}[],
  input: CheckInput,
): Flaw {
  const fix = buildFix(subject, table, all, input)
  const runner = fix && input.host.runner(fix)
  if (fix === undefined || runner?.as !== 'none') return {...flaw, fix: fix && [fix]}
  return {
    ...flaw,
    message: `${flaw.message}; --fix skips it, because others could make ${table.builder} write elsewhere: ${runner.why}`,
    suggestions: [...(flaw.suggestions ?? []), ...runner.remedy],
  }
}

/** Undefined where instances want to have another thing made of the same file, or there is nothing to make it of or with. */
function buildFix(
  subject: CheckedInstance,
  {table, builder, source, files}: TableFile,
  all: readonly {table: TableFile}[],
  input: CheckInput,
): (Step & {do: 'run program'}) | undefined {
  const others = all.filter((each) => each.table.files.some((file) => files.includes(file)))
  const isOne = others.every((each) => each.table.table === table && each.table.builder === builder)
  const primary = primaryOf(input)
  if (files.includes(source) || input.host.look(source)?.kind !== 'file' || !isOne || primary === undefined)
    return undefined
  const program = `${primary.parameter('command_directory')}/${builder}`
  const words = [program, '-c', subject.config_directory, table]
  return {do: 'run program', words, directory: '/', changes: files, undo: []}
}

function behindProxy(table: string): string {
  return table.replace(/^proxy:/, '')
}

/** PARAMETER, or SERVICE/TYPE: PARAMETER. */
function placeOfTable(subject: CheckedInstance, parameter: string): FileLine | undefined {
  const [, service] = /^(.*): /.exec(parameter) ?? []
  if (service === undefined) return whereSet(subject, parameter)
  const line = subject.services.find(({name, type}) => `${name}/${type}` === service)
  return line === undefined ? undefined : placeOfService(subject, line)
}
