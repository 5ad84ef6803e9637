/**
 * Would the scripts behind `postfix -c DIR set-permissions` do more than set permissions, or fail first?
 * They compare parameters as text and write all of them into main.cf when one differs from its expanded value, expand
 * paths in the shell, and know a secondary instance by a search in the unexpanded instance list.
 * Source: postfix-script and post-install, up to the loop over postfix-files.
 */

import {isDirectory, isThere} from '../../files/read.ts'
import {errorCode} from '../../model/base/system-error.ts'
import type {Directories} from '../../model/change/plan.ts'
import {privateParameters} from '../../model/instance/instance.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import {sharedParameters} from '../../model/main-cf/shared-parameters.ts'
import {builtInDefaults} from '../reader/defaults.ts'
import {readConfiguration} from '../reader/read-file.ts'
import {isPlainPath} from './permission-rules.ts'
import {between, fingerprint, readCommands} from './script-version.ts'
import {Unsure} from './unsure.ts'

/** As the primary has them, expanded. */
export interface PermissionTools {
  meta_directory: string
  mail_owner: string
  setgid_group: string
}

/** What an instance sets, or else Postfix's default; unexpanded. */
export type Effective = (name: string) => string | undefined

/** Throws Unsure. */
export function checkPermissionSettings(instance: Directories, tools: PermissionTools): Effective {
  const {config_directory} = instance
  for (const name of privateParameters) {
    if (!isPlainPath(instance[name])) throw new Unsure(`unusual characters in '${instance[name]}'`)
    if (!isDirectory(instance[name])) throw new Unsure(`${name} = ${instance[name]} is not a directory`)
  }
  const {parameters} = builtInDefaults()
  const settings = readSureSettings(config_directory)
  const effective = (name: string) => settings.get(name) ?? parameters[name]
  for (const name of [...privateParameters, ...sharedParameters]) {
    const value = settings.get(name)
    if (value !== undefined && !isLiteral(value, parameters.mail_version)) throw new Unsure(`${name} = ${value}`)
  }
  for (const name of privateParameters) {
    const value = settings.get(name) ?? (name === 'config_directory' ? config_directory : parameters[name])
    if (value !== instance[name]) throw new Unsure(`${config_directory}/main.cf has ${name} = ${value}`)
  }
  for (const name of ['meta_directory', 'mail_owner', 'setgid_group'] as const) {
    if (effective(name) !== tools[name]) throw new Unsure(`${name} is not that of the primary`)
  }
  for (const name of ['command_directory', 'daemon_directory', 'shlib_directory']) {
    const value = effective(name) ?? ''
    if (!isDirectory(value) && !(name === 'shlib_directory' && value === 'no')) throw new Unsure(`${name} = ${value}`)
  }
  if (isThere(`${config_directory}/install.cf`)) throw new Unsure(`${config_directory}/install.cf exists`)
  if (!isSecondary(config_directory, parameters.config_directory ?? '')) {
    throw new Unsure(`${config_directory} is not listed as a secondary instance`)
  }
  return effective
}

function readSureSettings(config_directory: string): Map<string, string> {
  const file = `${config_directory}/main.cf`
  try {
    const {entries, fault, indented} = parseMainCf(readConfiguration(file))
    if (fault !== undefined || indented !== undefined) throw new Unsure(`${file} is damaged`)
    return new Map(entries.map(({name, value}) => [name, value]))
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    throw new Unsure(`${file} cannot be read`)
  }
}

/** A path, a name or nothing. The scripts turn a version at the end into $mail_version, and that is a difference. */
function isLiteral(value: string, mail_version: string | undefined): boolean {
  if (!/^[\w./+@%:,=-]*$/.test(value)) return false
  return mail_version === undefined || !value.includes(mail_version)
}

/** sed turns only the first comma of the value into a blank; what follows a second one is not a secondary for post-install. */
function isSecondary(config_directory: string, primary: string): boolean {
  const listed = readSureSettings(primary).get('multi_instance_directories') ?? ''
  return config_directory !== primary && listed.replace(',', ' ').split(/\s+/).includes(config_directory)
}

/** Of the commands between "create" and "upgrade-configuration", which set the permissions: as in 3.0 to 3.11. */
const knownCommands = '1951 529792511 853535903'
/** The same where Debian's fill the jail as well, from 3.9.1-7 on. */
const knownFilling = '2033 4108151155 27372819'

/** Whether it fills the jail. Throws Unsure. */
export function fillsJail(daemon_directory: string): boolean {
  const script = `${daemon_directory}/post-install`
  const loop = between(readCommands(script), 'test -n "$create" && {', 'test -n "$upgrade_conf" && {')
  const found = fingerprint(loop)
  if (found !== knownCommands && found !== knownFilling) throw new Unsure(`${script} is not a version that is known`)
  return found === knownFilling
}
