/**
 * Each cache that Postfix fills itself has one daemon. Source: DICT_FLAG_OPEN_LOCK in dict_open.c; POSTSCREEN_README, "Sharing
 * the temporary allowlist"; tried on Postfix 3.7.
 */

import {operands, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {CheckedInstance, CheckInput} from '../../model/survey/check-input.ts'
import {enabled, type Flaw, type Rule, runningServices, whereSet} from '../rule.ts'

export const cacheShared: Rule = {
  id: 'cache-shared',
  severity: 'error',
  because:
    'postscreen(8), verify(8) and tlsmgr(8) lock their caches for as long as they run. The second one dies: "unable to ' +
    'get exclusive lock: Resource temporarily unavailable", and clients of its instance hang. Without the path of one ' +
    'host-wide file each instance has its own, below data_directory. lmdb:, memcache: and proxy: can be shared.',
  check(input) {
    const owners = new Map<string, Cache>()
    return enabled(input)
      .flatMap((each) => cachesOf(each, input))
      .flatMap((cache) => {
        const owner = owners.get(cache.real)
        if (owner === undefined) {
          owners.set(cache.real, cache)
          return []
        }
        return [describeShared(owner, cache)]
      })
  },
}

interface Cache {
  subject: CheckedInstance
  parameter: string
  daemon: string
  /** TYPE:PATH */
  table: string
  type: string
  path: string
  /** By its one name. */
  real: string
}

function cachesOf(subject: CheckedInstance, {host}: CheckInput): Cache[] {
  return Object.entries(cacheDaemons).flatMap(([parameter, {daemon, isUsed}]) => {
    // What the default says is below data_directory, which directory-shared looks at.
    const written = subject.settings.get(parameter)?.value
    const table = written === undefined ? undefined : subject.expanded(written)
    const [, type, path] = /^(btree|hash|dbm|sdbm):(\/\S+)$/.exec(table ?? '') ?? []
    if (table === undefined || type === undefined || path === undefined || !isUsed(subject)) return []
    return [{subject, parameter, daemon, table, type, path, real: host.canonical(path)}]
  })
}

const runs = (command: string) => (subject: CheckedInstance) =>
  runningServices(subject).some((each) => each.command === command)
const speaksTls = (parameter: string) => (subject: CheckedInstance) =>
  runs('tlsmgr')(subject) && /^(?!none$)./.test(subject.parameter(parameter))

/** Who opens it, and whether it does. */
const cacheDaemons: Record<string, {daemon: string; isUsed: (subject: CheckedInstance) => boolean}> = {
  postscreen_cache_map: {daemon: 'postscreen', isUsed: runs('postscreen')},
  address_verify_map: {
    daemon: 'verify',
    isUsed: (subject) => runs('verify')(subject) && [...allValues(subject)].some((each) => /_unverified_/.test(each)),
  },
  smtpd_tls_session_cache_database: {daemon: 'tlsmgr', isUsed: speaksTls('smtpd_tls_security_level')},
  smtp_tls_session_cache_database: {daemon: 'tlsmgr', isUsed: speaksTls('smtp_tls_security_level')},
  lmtp_tls_session_cache_database: {daemon: 'tlsmgr', isUsed: speaksTls('lmtp_tls_security_level')},
}

function allValues(subject: CheckedInstance): string[] {
  const ofServices = runningServices(subject).flatMap(({settings}) => [...settings.values()])
  return [...[...subject.settings.values()].map(({value}) => value), ...ofServices]
}

function describeShared(owner: Cache, {subject, parameter, daemon, table, type, path}: Cache): Flaw {
  const isOwn = owner.subject === subject
  const other = isOwn ? owner.parameter : `the ${owner.parameter} of ${label(owner.subject)}`
  const own = `${type}:$data_directory/${path.slice(path.lastIndexOf('/') + 1)}`
  return {
    instances: [...new Set([owner.subject.config_directory, subject.config_directory])],
    at: whereSet(subject, parameter),
    message: `${parameter} of ${label(subject)} is ${other}, too (${table}): ${isOwn && owner.daemon === daemon ? `${daemon}(8) dies of it` : `the ${daemon}(8) that comes second dies`}`,
    suggestions: isOwn
      ? [suggest`postmulti instances edit ${operandOf(subject)}`]
      : [suggest`postmulti instances set ${operands(operandOf(subject), `${parameter}=${own}`)}`],
  }
}
