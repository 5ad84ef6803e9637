/**
 * The checks that every Postfix program makes before it starts: users that exist, names and numbers that are well
 * formed. What is plainly right is seen here; for anything else a harmless Postfix program is asked.
 * Source: mail_params_init(), check_mail_owner() and its neighbours in Postfix's mail_params.c.
 */
import {readText, tryText} from '../../files/read.ts'
import {Refusal} from '../../model/base/errors.ts'
import {errorCode} from '../../model/base/system-error.ts'
import type {Defaults} from './defaults.ts'
import {areOwnAddresses, areProtocols, isCompatibilityLevel, isHostName} from './run-time.ts'

/** Expanded, latin1 text. */
type LibraryValues = ReadonlyMap<string, string>

/** True when the values agree with each other and with the host, as far as that can be seen without asking. */
export function areValuesRight(
  values: LibraryValues,
  settings: ReadonlyMap<string, string>,
  {parameters, host}: Defaults,
): boolean {
  const value = (name: string): string => values.get(name) ?? ''
  const isDefault = (name: string): boolean => value(name) === parameters[name]
  return (
    isCompatibilityLevel(value('compatibility_level')) &&
    isDefault('syslog_facility') &&
    (isDefault('inet_protocols') || areProtocols(value('inet_protocols'))) &&
    (settings.has('myhostname') || isHostName(host.name)) &&
    isHostName(value('myhostname')) &&
    isHostName(value('mydomain')) &&
    isOrigin(value('myorigin')) &&
    isOneWord(value('relayhost')) &&
    value('relayhost').toLowerCase() !== value('myhostname').toLowerCase() &&
    areOwnAddresses(value('inet_interfaces'), value('inet_protocols'), host) &&
    /^(?:class|subnet|host)$/.test(value('mynetworks_style')) &&
    isDefault('default_verp_delimiters') &&
    isDefault('verp_delimiter_filter') &&
    areAccountsRight(value('mail_owner'), value('setgid_group'), value('default_privs'))
  )
}

/**
 * Lets the library judge. Refuses in its words; `warn` gets its warnings, but for those of the reading of main.cf.
 */
export function askLibrary(command_directory: string, config_directory: string, warn: (text: string) => void): void {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {status, stderr} = spawnSync(`${command_directory}/postmap`, ['-q', 'x', 'static:x'], {
    argv0: 'postmap',
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: {MAIL_CONFIG: config_directory, PATH: '/usr/bin:/bin'},
  })
  let fatal: string | undefined
  for (const line of (stderr ?? '').split('\n')) {
    const [, kind, text = ''] = /^postmap: (warning|fatal): (.*)$/.exec(line) ?? []
    if (kind === 'fatal') fatal = text
    else if (kind === 'warning' && !isAboutReading(text)) warn(text)
  }
  if (status !== 0 && fatal !== undefined) throw new Refusal(fatal)
}

function isAboutReading(warning: string): boolean {
  return (
    /main\.cf, line \d+: overriding earlier entry: /.test(warning) ||
    warning.includes('/main.cf: logical line must not start with whitespace: ')
  )
}

/** Debian's Postfix takes an absolute path for the name of a file that holds the name. */
function isOrigin(myorigin: string): boolean {
  if (!myorigin.startsWith('/')) return isOneWord(myorigin)
  try {
    const [name = ''] = readText(myorigin, 'latin1').split('\n')
    return /^[ \t]*[\w.-]+[ \t\r]*$/.test(name)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
}

function isOneWord(value: string): boolean {
  return !/[, \t\r\n]/.test(value)
}

/** Known, without privileges, each with an identity of its own. */
function areAccountsRight(mail_owner: string, setgid_group: string, default_privs: string): boolean {
  const users = readAccountTable('/etc/passwd')
  const groups = readAccountTable('/etc/group')
  const owner = users.find(([name]) => name === mail_owner)
  const privs = users.find(([name]) => name === default_privs)
  const group = groups.find(([name]) => name === setgid_group)
  if (owner === undefined || privs === undefined || group === undefined) return false
  const [, , ownerUid, ownerGid] = owner
  const [, , privsUid, privsGid] = privs
  const [, , gid] = group
  const numbers = [ownerUid, ownerGid, privsUid, privsGid, gid]
  return (
    numbers.every((each) => /^[1-9]\d*$/.test(each ?? '')) &&
    users.find(([, , uid]) => uid === ownerUid) === owner &&
    groups.find(([, , each]) => each === gid) === group &&
    ownerUid !== privsUid &&
    new Set([ownerGid, privsGid, gid]).size === 3
  )
}

/** Empty where it cannot be read. */
function readAccountTable(path: string): string[][] {
  const lines = tryText(path)?.split('\n') ?? []
  return lines.map((each) => each.split(':'))
}
