/**
 * Every table that an enabled instance names is there, in the type that it is named with, and Postfix has that type.
 * Source: dict_open() in dict_open.c; match_list.c; proxymap(8); DATABASE_README.
 */

import {isRelease} from '../../model/base/release.ts'
import {operands, type Suggestion, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {nearest} from '../../model/instance/nearest.ts'
import type {TableWord} from '../../model/master-cf/lookup-tables.ts'
import type {CheckHost, CheckInput} from '../../model/survey/check-input.ts'
import {type Flaw, type Rule, suggestEdit} from '../rule.ts'
import {buildCommands, findTableFiles, isAbsolute, type TableFile, withFix} from '../table-files.ts'
import {findTableUses, type TableUse} from '../table-uses.ts'

export const tableMissing: Rule = {
  id: 'table-missing',
  severity: 'error',
  because:
    'Postfix does not work without a table that it cannot open: "cdb:/etc/postfix-out/transport is unavailable. open ' +
    'database ...: No such file or directory". It defers all mail that needs the table, or answers with 451. The ' +
    'usual cause is a table of another type than main.cf names. A type that this Postfix does not have (postconf -m) ' +
    'is as bad: "unsupported dictionary type". So is a file of mynetworks or relay_domains that is not there. Without ' +
    'a type, or with proxy: for a table that proxy_read_maps does not have, the daemon that needs the table dies.',
  check(input) {
    const uses = findTableUses(input)
    const files = findTableFiles(uses)
    const fileOf = new Map(files.map((each) => [each.word, each]))
    return uses.flatMap((each) => {
      const file = fileOf.get(each.word)
      const strange = findStrange(each, input.host) ?? findUnapproved(each)
      if (strange !== undefined) return strange
      if (file === undefined) return []
      return [...findMissing(file, files, input), ...findUnreadable(file, input.host)]
    })
  },
}

/** What is no table of this Postfix, whatever its files are. */
function findStrange(use: TableUse, host: CheckHost): Flaw | undefined {
  const {word} = use
  if (word.kind === 'untyped') return findUntyped(use, word, host)
  if (word.kind === 'file') return findListFile(use, word.text, host)
  const {text, type, name} = word
  const types = host.tableTypes()
  if (types !== undefined && !types.includes(type)) {
    if (isAddress.test(text)) {
      const inBrackets = text.replace(/^[^/]*/, (address) => `[${address}]`)
      const what = `it is a table for Postfix: an IPv6 address needs brackets here`
      return flaw(
        use,
        what,
        deferred,
        rewrite(use, (each) => (each === text ? inBrackets : each)),
      )
    }
    return flaw(use, `this Postfix has no type ${type || "''"}`, deferred, othersInPlaceOf(use, type, types, host))
  }
  if (type === 'socketmap' && !/^(?:inet|unix):.+:.+/s.test(name))
    return flaw(use, 'that is neither inet:HOST:PORT:NAME nor unix:PATH:NAME', deferred)
  if (type === 'unix' && !/^(?:passwd\.byname|group\.byname)$/.test(name))
    return flaw(use, 'there are only unix:passwd.byname and unix:group.byname', deferred)
  return undefined
}

const deferred = 'mail is deferred'
const dies = 'what reads it dies'

function flaw(
  {subject, word, parameters, at}: TableUse,
  what: string,
  effect: string,
  suggestions: readonly Suggestion[] = [],
): Flaw {
  const message = `${label(subject)} refers to ${word.text} (${parameters.join(', ')}), but ${what}: ${effect}`
  return {instances: [subject.config_directory], at, message, suggestions}
}

/** IPv6, with the length of a network. */
const isAddress = /^[\da-f]*:[\da-f:.]*(?:\/\d+)?$/i

/** Of Debian, by the type that they bring. */
const packagedTypes = ['cdb', 'ldap', 'lmdb', 'mysql', 'pcre', 'pgsql', 'sqlite']

function othersInPlaceOf(use: TableUse, type: string, types: readonly string[], host: CheckHost): Suggestion[] {
  if (packagedTypes.includes(type) || (type === 'mongodb' && isRelease(use.subject.parameter('mail_version'), '3.9')))
    return host.look('/etc/debian_version') ? [suggest`apt install ${`postfix-${type}`}`] : []
  return nearest(type, types).flatMap((each) =>
    rewrite(use, (word) => {
      const [, before = '', found, name = ''] = /^(!*(?:proxy:)*)([^:]*)(:.*)$/s.exec(word) ?? []
      return found === type ? before + each + name : word
    }),
  )
}

function findUntyped(use: TableUse, {text, after}: TableWord & {kind: 'untyped'}, host: CheckHost): Flaw {
  const {subject} = use
  const built = [...databaseTypes].find(([suffix]) => host.look(text + suffix)?.kind === 'file')?.[1]
  const type = built ?? subject.parameter('default_database_type')
  const isPath = text.startsWith('/') && type !== ''
  const suggestions = isPath ? rewrite(use, (each) => (each === text ? `${type}:${text}` : each)) : []
  return after === undefined
    ? flaw(use, 'a table has a type before its name', dies, suggestions)
    : flaw(use, `${after} wants a table, with a type before its name`, 'clients get 451', suggestions)
}

const databaseTypes = new Map([
  ['.db', 'hash'],
  ['.cdb', 'cdb'],
  ['.lmdb', 'lmdb'],
])

function findListFile(use: TableUse, path: string, host: CheckHost): Flaw | undefined {
  const found = host.look(path)
  if (found === null) return flaw(use, 'that file is not there', deferred)
  return found?.kind === 'directory' ? flaw(use, 'that is a directory', dies) : undefined
}

/** proxymap(8) opens nothing that main.cf does not list for it. */
function findUnapproved(use: TableUse): Flaw | undefined {
  const {subject, word} = use
  if (word.kind !== 'table' || !word.isProxied) return undefined
  const lists = ['proxy_read_maps', 'proxy_write_maps'].map((each) => subject.parameter(each))
  const hasOwn = subject.services.some(({command, settings}) => command === 'proxymap' && settings.size > 0)
  if (hasOwn || lists.some((each) => each === '' || each.includes(`proxy:${word.text}`))) return undefined
  const unproxied = rewrite(use, (each) => (each.replace(/^(?:proxy:)+/, '') === word.text ? word.text : each))
  return flaw(use, `proxy_read_maps does not have proxy:${word.text}`, dies, unproxied)
}

function findMissing(file: TableFile, all: readonly TableFile[], input: CheckInput): Flaw[] {
  const {subject, type, table, files} = file
  const {host} = input
  const missing = files.find((each) => host.look(each) === null)
  if (missing === undefined) {
    // What is a directory has no entries for these two.
    const isRead = !['pcre', 'regexp'].includes(type)
    const directory = files.find((each) => isRead && host.look(each)?.kind === 'directory')
    return directory === undefined ? [] : [flaw(file, `${directory} is a directory`, dies)]
  }
  if (!isAbsolute(file)) {
    const meant = ['/', `${subject.config_directory}/`].map((each) => each + table.slice(type.length + 1))
    const found = meant.filter((each) => host.look(each) !== null)
    return [
      flaw(file, `Postfix looks for it in queue_directory, and ${missing} is not there`, deferred, [
        ...found.flatMap((path) =>
          rewrite(file, (each) => (each.endsWith(table) ? each.replace(table, () => `${type}:${path}`) : each)),
        ),
      ]),
    ]
  }
  const suggestions = buildCommands(file, host)
  return [withFix(flaw(file, whatIsMissing(file, missing, host), deferred, suggestions), file, all, input)]
}

/** proxymap(8) opens it as mail_owner; other daemons open tables as root. A group may have members that are not known here. */
function findUnreadable(file: TableFile, host: CheckHost): Flaw[] {
  const {subject, word, files} = file
  const proxymap = subject.services.find(({command}) => command === 'proxymap')
  const mail_owner = subject.parameter('mail_owner')
  const uid = host.userId(mail_owner)
  if (word.kind !== 'table' || !word.isProxied || uid === undefined) return []
  if (proxymap === undefined || !/^[-y]$/.test(proxymap.unprivileged)) return []
  const closed = files.find((each) => {
    const found = host.look(each)
    return found?.kind === 'file' && (found.mode & 0o044) === 0 && (found.uid !== uid || (found.mode & 0o400) === 0)
  })
  if (closed === undefined) return []
  return [
    flaw(file, `proxymap(8) runs as ${mail_owner}, which cannot read ${closed}`, deferred, [
      suggest`chgrp ${mail_owner} ${closed}`,
      suggest`chmod g+r ${closed}`,
    ]),
  ]
}

function whatIsMissing({source}: TableFile, missing: string, host: CheckHost): string {
  if (host.look(source) === null) return `${source} is not there`
  const others = [...databaseTypes.keys()].map((each) => source + each).filter((each) => host.look(each) !== null)
  return others.length === 0 ? `${missing} was not built` : `${missing} was not built (${others.join(', ')} was)`
}

/** The value in main.cf with its words changed; where it stands elsewhere, or with a $name, what one edits. */
function rewrite({subject, written}: TableUse, change: (word: string) => string): Suggestion[] {
  if (written === undefined) return []
  const {parameter, value, service} = written
  if (service !== undefined) return [suggestEdit(subject, 'master.cf')]
  const becomes = value.replace(/[^\s,{}]+/g, change)
  if (becomes === value) return [suggestEdit(subject, 'main.cf')]
  return [suggest`postmulti instances set ${operands(operandOf(subject), `${parameter}=${becomes}`)}`]
}
