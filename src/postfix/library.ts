/**
 * The checks that every Postfix program makes before it starts: users that exist, names and numbers that are well
 * formed. What is plainly right is seen here; for anything else a harmless Postfix program is asked.
 * Source: mail_params_init(), check_mail_owner() and its neighbours in Postfix's mail_params.c.
 */
import {Refusal} from '../model/errors.ts'
import {ExpansionFault, expand} from '../model/expand.ts'
import {builtInDefaults} from './defaults.ts'
import {areOwnAddresses, areProtocols, isCompatibilityLevel} from './run-time.ts'

const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/

/** Parameters whose value must be more than a string. */
const checks: Record<string, (value: string) => boolean> = {
  compatibility_level: isCompatibilityLevel,
  inet_interfaces: areOwnAddresses,
  inet_protocols: areProtocols,
  mynetworks_style: (value) => /^(?:class|subnet|host)$/.test(value),
  myhostname: isHostName,
  mydomain: isHostName,
  myorigin: isOneWord,
  relayhost: isOneWord,
  // Users and groups must exist and differ: nothing that text can show.
  mail_owner: isDefault('mail_owner'),
  setgid_group: isDefault('setgid_group'),
  default_privs: isDefault('default_privs'),
  syslog_facility: isDefault('syslog_facility'),
  verp_delimiter_filter: isDefault('verp_delimiter_filter'),
  default_verp_delimiters: isDefault('default_verp_delimiters'),
}

/** True when a setting is not plainly right. Settings are latin1 text, not expanded. */
export function needsLibrary(
  settings: ReadonlyMap<string, string>,
  lookup: (name: string) => string | undefined,
): boolean {
  const {parameters} = builtInDefaults()
  const everyThingIsRight = [...settings].every(([name, value]) => {
    const usual = parameters[name]
    const check = checks[name] ?? (usual === undefined ? undefined : checkLike(usual))
    if (check === undefined && !value.includes('$')) return true
    try {
      const expanded = expand(value, lookup)
      return check === undefined || check(expanded)
    } catch (error) {
      if (error instanceof ExpansionFault) return false
      throw error
    }
  })
  const relayhost = settings.get('relayhost')
  const loops = relayhost !== undefined && relayhost.toLowerCase() === lookup('myhostname')?.toLowerCase()
  return !everyThingIsRight || loops
}

/** Lets the library judge. Refuses in its words; `warn` gets its warnings. */
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
    // Those about entries that appear twice have been given already.
    else if (kind === 'warning' && !text.includes(': overriding earlier entry: ')) warn(text)
  }
  if (status !== 0 && fatal !== undefined) throw new Refusal(fatal)
}

/** A number, a time or a switch in place of the default one. */
function checkLike(usual: string): ((value: string) => boolean) | undefined {
  if (usual === 'yes' || usual === 'no') return (value) => /^(?:yes|no)$/i.test(value)
  if (/^\d+$/.test(usual)) return (value) => /^\d{1,9}$/.test(value)
  if (/^\d+[smhdw]$/.test(usual)) return (value) => /^\d{1,6}[smhdw]?$/.test(value)
  return undefined
}

function isHostName(value: string): boolean {
  return value.length <= 255 && hostName.test(value) && !/^[\d.]+$/.test(value)
}

function isOneWord(value: string): boolean {
  return !/[, \t\r\n]/.test(value)
}

function isDefault(name: string): (value: string) => boolean {
  return (value) => value === builtInDefaults().parameters[name]
}
