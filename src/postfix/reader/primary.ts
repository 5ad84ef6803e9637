/**
 * The primary's main.cf as the Postfix library reads it when a program starts. This differs from `postconf -x`: blanks
 * inside values stay, and a value sees only the settings of main.cf and those defaults that had their turn before it.
 * Source: mail_conf_read() and mail_params_init() in Postfix's global library; main() in postmulti.c.
 */
import {Refusal} from '../../model/base/errors.ts'
import {shell, suggest} from '../../model/base/suggestion.ts'
import {explainError} from '../../model/base/system-error.ts'
import {fromBytes, splitWords, toBytes} from '../../model/base/text.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {collapse, dialectOf, ExpansionFault, expand, tryExpand} from '../../model/main-cf/expand.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import {builtInDefaults, type Defaults} from './defaults.ts'
import {areValuesRight, askLibrary} from './library.ts'
import {libraryParameters, postmultiParameters} from './library-parameters.ts'
import {askPostconf, hasPostconf} from './postconf.ts'
import {readConfiguration} from './read-file.ts'
import {defaultMydomain, defaultMyhostname, type OwnHost} from './run-time.ts'

export interface Primary {
  instance: Instance
  /** The elements of multi_instance_directories, in start order. */
  directories: string[]
  /** Expanded; empty for an unknown name. */
  parameter(name: string): string
  /** What main.cf says, unexpanded and with single blanks, as `postconf -nh`; undefined where it says nothing. */
  setting(name: string): string | undefined
  /** As `postconf -hx`. */
  printed(name: string): string
  defaults: Defaults
}

/**
 * `warn` gets what the library warns of. `host`: where it is known already. Refuses, in the library's words, a main.cf with which no Postfix program starts.
 */
export function readPrimary(config_directory: string, warn: (text: string) => void, host?: OwnHost): Primary {
  const settings = readPrimarySettings(config_directory, warn)
  const found = findDefaults(settings)
  const defaults = host === undefined ? found : {...found, host}
  const {known, values, isRight} = initialise(settings, defaults)
  const parameter = (name: string): string => {
    const value = values.get(name) ?? expandKnown(known.get(name) ?? defaults.parameters[name] ?? '', known, defaults)
    return fromBytes(value instanceof ExpansionFault ? printed(name) : value)
  }
  const command_directory = usableCommandDirectory(values, defaults)
  const printed = (name: string): string => {
    const value = printNatively(name, settings, defaults)
    return fromBytes(value ?? askPostconf(command_directory, ['-hxc', config_directory, name]).stdout.trimEnd())
  }

  if (!isRight) askLibrary(command_directory, config_directory, warn)
  for (const name of postmultiParameters) {
    const value = enter(name, known, defaults)
    if (!(value instanceof ExpansionFault)) continue
    for (const each of value.warnings) warn(fromBytes(each))
    throw new Refusal('dictionary mail_dict: macro processing error')
  }
  const directories = splitWords(parameter('multi_instance_directories'))
  return {
    instance: {
      config_directory,
      queue_directory: parameter('queue_directory'),
      data_directory: parameter('data_directory'),
      multi_instance_name: parameter('multi_instance_name'),
      multi_instance_group: parameter('multi_instance_group'),
      // A host with a single instance starts it whatever the switch says.
      multi_instance_enable: parameter('multi_instance_enable').toLowerCase() === 'yes' || directories.length === 0,
    },
    directories,
    parameter,
    setting(name) {
      const value = settings.get(name)
      return value === undefined ? undefined : fromBytes(collapse(value))
    },
    printed,
    defaults,
  }
}

/** Latin1 text. */
type PrimarySettings = Map<string, string>

/** The last setting of each name. */
function readPrimarySettings(config_directory: string, warn: (text: string) => void): PrimarySettings {
  const path = `${config_directory}/main.cf`
  let text: string
  try {
    text = readConfiguration(path)
  } catch (error) {
    const syscall = error instanceof Error && 'syscall' in error ? String(error.syscall) : 'open'
    throw new Refusal(`${syscall} ${path}: ${explainError(error)}`, {suggestions: [suggest`postmulti doctor`]})
  }
  const {entries, fault, indented = []} = parseMainCf(text)
  for (const each of indented) warn(`${path}: ${fromBytes(each)}`)
  const settings = new Map([['config_directory', toBytes(config_directory).toString('latin1')]])
  for (const {name, value, line} of entries) {
    const earlier = settings.get(name)
    if (earlier !== undefined && earlier !== value) {
      warn(`${path}, line ${line}: overriding earlier entry: ${fromBytes(`${name}=${earlier}`)}`)
    }
    settings.set(name, value)
  }
  if (fault !== undefined) {
    throw new Refusal(`${path}, line ${fault.line}: ${fromBytes(fault.reason)}`, {
      suggestions: [shell`\${EDITOR:-vi} +${fault.line} ${path}`],
    })
  }
  return settings
}

/** Of the Postfix that main.cf names, or else of the one in the usual place. */
function findDefaults(settings: PrimarySettings): Defaults {
  const setting = settings.get('command_directory')
  const directory = setting === undefined ? undefined : expandKnown(setting, settings)
  const isUsable = typeof directory === 'string' && directory.startsWith('/') && hasPostconf(fromBytes(directory))
  return isUsable ? builtInDefaults(fromBytes(directory)) : builtInDefaults()
}

/** What main.cf names is to be believed only when there is a Postfix. */
function usableCommandDirectory(values: PrimarySettings, {parameters}: Defaults): string {
  const directory = fromBytes(values.get('command_directory') ?? '')
  return hasPostconf(directory) ? directory : (parameters.command_directory ?? '/usr/sbin')
}

interface Initialised {
  /** Settings, and all defaults that the library has entered. */
  known: PrimarySettings
  /** Expanded; those that can be. */
  values: PrimarySettings
  /** False where something is not plainly right. */
  isRight: boolean
}

/** Evaluates one parameter after the other, as the library does. */
function initialise(settings: PrimarySettings, defaults: Defaults): Initialised {
  const known = new Map(settings)
  const values: PrimarySettings = new Map()
  let isRight = true
  for (const [name, check] of libraryParameters) {
    const value = enter(name, known, defaults)
    if (value === undefined) continue
    if (typeof value === 'string') values.set(name, value)
    // A default of Postfix is right as long as what it refers to is.
    if (typeof value !== 'string' || (value !== defaults.parameters[name] && !check(value))) isRight = false
  }
  return {known, values, isRight: isRight && areValuesRight(values, settings, defaults)}
}

/** The value of a setting or else of the default, which is known from now on; undefined when there is no such parameter. */
function enter(name: string, known: PrimarySettings, defaults: Defaults): string | ExpansionFault | undefined {
  const setting = known.get(name)
  if (setting !== undefined) return expandKnown(setting, known, defaults)
  const usual = defaults.parameters[name] ?? makeDefault(name, known, defaults)
  const value = usual === undefined ? undefined : expandKnown(usual, known, defaults)
  if (typeof value === 'string') known.set(name, value)
  return value
}

/** A default that differs from host to host. That of mynetworks is of no use here. */
function makeDefault(name: string, known: PrimarySettings, defaults: Defaults): string | undefined {
  const expanded = (each: string): string | undefined => {
    const setting = known.get(each)
    const value = setting === undefined ? undefined : expandKnown(setting, known, defaults)
    return value instanceof ExpansionFault ? undefined : value
  }
  if (name === 'myhostname') return defaultMyhostname(expanded('mydomain'), defaults.host)
  return name === 'mydomain' ? defaultMydomain(expanded('myhostname') ?? '') : undefined
}

/** postconf sees all defaults at once. Undefined where only postconf itself can tell. */
function printNatively(name: string, settings: PrimarySettings, {parameters}: Defaults): string | undefined {
  const lookup = (each: string): string => {
    const found = settings.get(each) ?? parameters[each]
    if (found === undefined) throw new ExpansionFault(`unknown parameter: ${each}`, [])
    return found
  }
  try {
    return collapse(expand(lookup(name), lookup, {dialect: dialectOf(parameters.mail_version)}))
  } catch (error) {
    if (error instanceof ExpansionFault) return undefined
    throw error
  }
}

/** `defaults`: of the Postfix that reads it, where it is known already. */
function expandKnown(value: string, known: ReadonlyMap<string, string>, defaults?: Defaults): string | ExpansionFault {
  return tryExpand(value, (name) => known.get(name), defaults?.parameters.mail_version)
}
