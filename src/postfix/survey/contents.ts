/**
 * What is in lookup tables. A database that is not older than the text it was made of says what the text says; else
 * postmap(1) lists it. Source: postmap(1), also for the format of the text; DATABASE_README for the suffixes.
 */
import {lookThrough, statThrough} from '../../files/read.ts'
import type {Tables, View} from '../../flow/view.ts'
import {own} from '../../model/base/own.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'
import {fromBytes} from '../../model/base/text.ts'
import {collapse} from '../../model/main-cf/expand.ts'
import {logicalLines} from '../../model/main-cf/lines.ts'
import type {Primary} from '../reader/primary.ts'
import {readConfiguration} from '../reader/read-file.ts'

/** Of the database beside the text. */
const textSuffixes: Record<string, string> = {
  hash: '.db',
  btree: '.db',
  lmdb: '.lmdb',
  cdb: '.cdb',
  dbm: '.pag',
  sdbm: '.pag',
  texthash: '',
}

/** cdb is not among them: it can only be asked. */
const canBeListed = ['hash', 'btree', 'lmdb', 'dbm', 'sdbm']

export interface Contents extends Tables {
  /** By table: why it could not be listed, or what is to be said of it. */
  remarks: ReadonlyMap<string, string>
  /** By table: why it could not be asked for a key. */
  silent: ReadonlyMap<string, string>
}

/** A server that does not answer is not waited for as long as Postfix would. In milliseconds. */
const serverPatience = 5000

/** Each is read when it is asked for, and once. `find` asks postmap(1) for what cannot be listed. */
export function readContents(primary: Primary): Contents {
  const command_directory = primary.parameter('command_directory')
  const known = new Map<string, ReadonlyMap<string, string> | null>()
  const answers = new Map<string, string | null | undefined>()
  const remarks = new Map<string, string>()
  const silent = new Map<string, string>()

  function entries(table: string, {config_directory}: View): ReadonlyMap<string, string> | null {
    const before = known.get(table)
    if (before !== undefined) return before
    const found = table.startsWith('/') ? readList(table) : list(table, config_directory)
    if (typeof found === 'string') remarks.set(table, found)
    const all = typeof found === 'string' ? null : found
    known.set(table, all)
    return all
  }

  function find(table: string, key: string, of: View): string | null | undefined {
    const all = entries(table, of)
    if (all !== null) return all.get(key) ?? null
    if (silent.has(table)) return undefined
    const question = `${table} ${key}`
    if (!answers.has(question)) answers.set(question, ask(table, key, of))
    return answers.get(question)
  }

  function list(table: string, config_directory: string): ReadonlyMap<string, string> | string {
    const [, type = '', name = ''] = /^(\w+):(.*)$/s.exec(table) ?? []
    const suffix = own(textSuffixes, type)
    if (suffix === undefined) return `a table of type ${type} cannot be listed`
    if (!name.startsWith('/')) return 'only Postfix itself knows where it is'
    try {
      const text = lookThrough(name)
      const database = statThrough(name + suffix)
      const isOld = text !== undefined && database.mtimeMs < text.mtimeMs
      if (isOld && type === 'cdb') remarks.set(table, 'its text is newer than the database, and was read in its place')
      if (text !== undefined && (!isOld || type === 'cdb')) return parseText(readConfiguration(name))
    } catch (error) {
      return explainError(error)
    }
    if (!canBeListed.includes(type)) return `the text that it was made of is not there`
    const {status, stdout, stderr} = postmap(['-c', config_directory, '-s', table])
    return status === 0 ? parseListing(stdout) : stderr.trim() || 'postmap -s failed'
  }

  /**
   * A table that has not answered once is not asked again. One that cannot be asked is fatal to postmap(1); that there is no such
   * key is status 1, whatever it remarks of main.cf.
   */
  function ask(table: string, key: string, {config_directory}: View): string | null | undefined {
    if (table.startsWith('/')) {
      silent.set(table, remarks.get(table)!)
      return undefined
    }
    const {status, stdout, stderr} = postmap(['-c', config_directory, '-q', key, table])
    if (status === 0) return fromBytes(stdout.trimEnd())
    const lines = fromBytes(stderr).split('\n')
    const fatal = lines.findLast((each) => /^\S*postmap: (?:fatal|panic): /.test(each))
    if (status === 1 && fatal === undefined) return null
    silent.set(table, (fatal ?? lines.at(-2) ?? '').replace(/^\S*postmap: (?:\w+: )?/, '') || 'it does not answer')
    return undefined
  }

  function postmap(words: string[]): {status: number | null; stdout: string; stderr: string} {
    const {spawnSync} = process.getBuiltinModule('node:child_process')
    const {status, stdout, stderr} = spawnSync(`${command_directory}/postmap`, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'latin1',
      maxBuffer: 256 * 2 ** 20,
      timeout: words.includes('-q') ? serverPatience : undefined,
    })
    return {status, stdout: stdout ?? '', stderr: stderr ?? ''}
  }

  return {entries, find, remarks, silent}
}

/** A file of names, as lists of domains may name one. */
function readList(file: string): ReadonlyMap<string, string> | string {
  try {
    const lines = [...logicalLines(readConfiguration(file))]
    return new Map(
      lines.flatMap(({text}) => collapse(text).split(' ')).map((each) => [fromBytes(each).toLowerCase(), '']),
    )
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return explainError(error)
  }
}

/** Latin1 text. The first of two lines with one key counts. Quotes, and what holds a blank, are part of the key. */
function parseText(text: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>()
  for (const {text: line} of logicalLines(text)) {
    const [, written, value] = /^((?:"(?:[^"\\]|\\.)*"|\\.|[^\s"\\])+)\s+(\S.*)$/s.exec(line) ?? []
    if (written === undefined || value === undefined) continue
    const key = fromBytes(written).toLowerCase()
    if (!entries.has(key)) entries.set(key, fromBytes(value.trimEnd()))
  }
  return entries
}

/** KEY, a tab, and the value. */
function parseListing(stdout: string): ReadonlyMap<string, string> {
  return new Map(
    stdout.split('\n').flatMap((line) => {
      const [, key, value] = /^([^\t]*)\t(.*)$/s.exec(line) ?? []
      return key === undefined || value === undefined ? [] : [[fromBytes(key), fromBytes(value)] as const]
    }),
  )
}
