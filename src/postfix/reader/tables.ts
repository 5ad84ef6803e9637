/**
 * Client configuration files of databases (mysql:/etc/postfix/users.cf), which postconf(1) reads along with main.cf:
 * a syntax error in one is fatal for the instance, an unknown name gets a warning.
 * Source: postconf_dbms.c; mysql_table(5) and its neighbours.
 */

import {lookThrough, quietly} from '../../files/read.ts'
import {errorCode} from '../../model/base/system-error.ts'
import {splitWords} from '../../model/base/text.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import {readConfiguration} from './read-file.ts'

const shared = ['query', 'result_format', 'expansion_limit', 'domain']
const sql = [...shared, 'hosts', 'user', 'password', 'dbname']
/** The usual ones; a name that is missing here only costs a call of postconf. */
const usualParameters: Record<string, string[]> = {
  mysql: sql,
  pgsql: sql,
  sqlite: [...shared, 'dbpath'].filter((each) => each !== 'domain'),
  ldap: 'server_host server_port search_base query_filter result_format domain result_attribute special_result_attribute leaf_result_attribute terminal_result_attribute scope bind bind_dn bind_pw version start_tls timeout size_limit expansion_limit recursion_limit'.split(
    ' ',
  ),
}

/** `value` is expanded. True when postconf has nothing to say about the tables in it. */
export function isTableQuiet(value: string): boolean {
  return splitWords(value).every((word) => {
    const [, type = '', file = ''] = /^(?:proxy:)*([a-z]+):(.*)$/.exec(word) ?? []
    if (!/^(?:ldap|mysql|pgsql|sqlite|memcache|mongodb)$/.test(type))
      return !/(?:ldap|sql|sqlite|memcache|mongodb):/.test(word)
    return file.startsWith('/') && isQuietFile(type, file)
  })
}

/** Most instances share their tables. By type, path and what the file is like. */
const seen = new Map<string, boolean>()

function isQuietFile(type: string, file: string): boolean {
  const {ino, size, mtimeMs} = quietly(() => lookThrough(file)) ?? {}
  const key = [type, file, ino, size, mtimeMs].join(' ')
  let quiet = seen.get(key)
  if (quiet === undefined) {
    quiet = isOrdinary(file, usualParameters[type] ?? [])
    seen.set(key, quiet)
  }
  return quiet
}

function isOrdinary(file: string, names: string[]): boolean {
  try {
    const {entries, fault, indented} = parseMainCf(readConfiguration(file))
    const unique = new Set(entries.map(({name}) => name)).size === entries.length
    return fault === undefined && indented === undefined && unique && entries.every(({name}) => names.includes(name))
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    // What a user may not read, postconf passes over in silence.
    return errorCode(error) === 'EACCES'
  }
}
