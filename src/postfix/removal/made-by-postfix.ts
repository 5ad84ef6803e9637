/**
 * Which things in the directories of an instance Postfix itself made, by their names and types; of the copies in its jail
 * also by what is in them.
 * Source: master(8), qmgr(8), bounce(8), flush(8), tlsmgr(8), verify(8) and postscreen(8) for what they create;
 * file_id_to_id.c and mail_queue.h for queue IDs; dir_forest.c for hash directories.
 */

import type {Dirent} from 'node:fs'
import {basename} from 'node:path'
import {readEntries, tryText} from '../../files/read.ts'
import {own} from '../../model/base/own.ts'
import {errorCode} from '../../model/base/system-error.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {logicalLines, parseMainCf} from '../../model/main-cf/lines.ts'
import {findJailJudge} from '../permissions/jail-copies.ts'

/** In the order of postmulti-script. */
export const queueSubdirectories = [
  'active',
  'bounce',
  'corrupt',
  'defer',
  'deferred',
  'flush',
  'hold',
  'incoming',
  'maildrop',
  'pid',
  'private',
  'public',
  'saved',
  'trace',
]

/**
 * 'made': Postfix made it, and it is not missed. 'mail': a message, or a log that belongs to one. `copyOf`: a copy of that
 * file, which has changed since. 'foreign': anything else. A Judge: a directory of Postfix's, and this is who knows its
 * content.
 */
type OwnerVerdict = 'made' | 'mail' | 'foreign' | {copyOf: string} | Judge
export type Judge = (entry: Dirent) => OwnerVerdict

interface Judges {
  queue: Judge
  data: Judge
  config: Judge
}

export function findJudges(instance: Instance, meta_directory: string): Judges {
  return {
    queue: judgeQueue(instance, meta_directory),
    data: judgeData(instance.config_directory),
    config: (entry) => {
      if (entry.isDirectory() && entry.name === '.tmp') return () => 'foreign'
      return entry.isFile() && /^(?:main|master)\.cf(?:\.tmp)?$/.test(entry.name) ? 'made' : 'foreign'
    },
  }
}

const queueDirectories = ['active', 'corrupt', 'deferred', 'hold', 'incoming', 'maildrop', 'saved']
const queueId = /^(?:[\dA-F]{6,}|[\dB-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,}z[\dB-DF-HJ-NP-TV-Zb-df-hj-np-tv-y]+)$/

function judgeQueue(instance: Instance, meta_directory: string): Judge {
  const {config_directory, queue_directory} = instance
  const messages = new Set(queueDirectories.flatMap((each) => filesFor(`${queue_directory}/${each}`)))
  const services = new Set([`${config_directory}/master.cf`, `${meta_directory}/master.cf.proto`].flatMap(serviceNames))
  const judgeLog = inHashedDirectories((entry) => {
    if (!entry.isFile() || !queueId.test(entry.name)) return 'foreign'
    return messages.has(entry.name) ? 'mail' : 'made'
  })
  const judgeEndpoint: Judge = (entry) =>
    (entry.isSocket() || entry.isFIFO()) && services.has(entry.name) ? 'made' : 'foreign'
  const judges: Record<string, Judge> = {
    ...Object.fromEntries(queueDirectories.map((each) => [each, judgeMessage])),
    bounce: judgeLog,
    defer: judgeLog,
    trace: judgeLog,
    // Named after a destination, with an underscore for what is neither letter nor digit.
    flush: inHashedDirectories((entry) => (entry.isFile() && /^\w+$/.test(entry.name) ? 'made' : 'foreign')),
    pid: (entry) =>
      entry.isFile() && /^(?:master\.pid|(?:inet|unix|fifo|pass|unix-dgram)\..+)$/.test(entry.name)
        ? 'made'
        : 'foreign',
    private: judgeEndpoint,
    public: judgeEndpoint,
  }
  const judgeJail = findJailJudge(instance)
  return (entry) => {
    if (!entry.isDirectory()) return 'foreign'
    return own(judges, entry.name) ?? judgeJail(entry)
  }
}

const judgeMessage = inHashedDirectories((entry) => (entry.isFile() ? 'mail' : 'foreign'))

/** A queue may be spread over directories with names of one character, several levels deep. */
function inHashedDirectories(judgeFile: Judge): Judge {
  const judge: Judge = (entry) => (entry.isDirectory() && /^\w$/.test(entry.name) ? judge : judgeFile(entry))
  return judge
}

function filesFor(directory: string): string[] {
  let entries: Dirent[]
  try {
    entries = readEntries(directory)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return []
  }
  return entries.flatMap((each) => {
    if (each.isDirectory()) return filesFor(`${directory}/${each.name}`)
    return each.isFile() ? [each.name] : []
  })
}

/** Services with an end point in the file system. */
function serviceNames(masterCf: string): string[] {
  return [...logicalLines(tryText(masterCf) ?? '')].flatMap(({text}) => {
    const [name = '', type = ''] = text.trim().split(/\s+/)
    return ['unix', 'fifo', 'pass', 'unix-dgram'].includes(type) ? [name] : []
  })
}

const usualFile =
  /^(?:master\.lock|prng_exch|(?:(?:smtpd?|lmtp)_scache|verify_cache|postscreen_cache|psc_cache)(?:\.[\w-]+)?)$/
const databaseSuffix = /\.(?:db|lmdb|lmdb-lock|cdb|cdb\.tmp|dir|pag)$/

function judgeData(config_directory: string): Judge {
  const caches = new Set(cacheNames(`${config_directory}/main.cf`))
  return (entry) => {
    const {name} = entry
    const isMade = usualFile.test(name) || caches.has(name) || caches.has(name.replace(databaseSuffix, ''))
    return entry.isFile() && isMade ? 'made' : 'foreign'
  }
}

/** By name: other maps and databases are tables that somebody maintains, as postscreen_dnsbl_reply_map. */
const writtenByPostfix =
  /^(?:address_verify_map|postscreen_cache_map|(?:smtpd?|lmtp)_tls_session_cache_database|(?:smtp|lmtp)_sasl_auth_cache_name)$/

/** Without the suffix that the database type brings. */
function cacheNames(mainCf: string): string[] {
  return parseMainCf(tryText(mainCf) ?? '').entries.flatMap(({name, value}) => {
    if (!writtenByPostfix.test(name)) return []
    const path = /^(?:[\w-]+:)+\$(?:data_directory|\{data_directory\}|\(data_directory\))\/([\w.-]+)$/.exec(value)?.[1]
    return path === undefined ? [] : [basename(path)]
  })
}
