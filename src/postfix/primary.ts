/**
 * The primary's main.cf as the Postfix library reads it when a program starts. This differs from `postconf -x`: blanks
 * inside values stay, and the names of instances see only what main.cf itself sets.
 * Source: mail_conf_read() and mail_params_init() in Postfix's global library.
 */
import {Refusal} from '../model/errors.ts'
import {collapse, ExpansionFault, expand} from '../model/expand.ts'
import type {Instance} from '../model/instance.ts'
import {parseMainCf} from '../model/lines.ts'
import {explainError} from '../model/system-error.ts'
import {fromBytes} from '../model/text.ts'
import {builtInDefaults} from './defaults.ts'
import {askLibrary, needsLibrary} from './library.ts'
import {readConfiguration} from './read-file.ts'
import {defaultMydomain, defaultMyhostname} from './run-time.ts'

export interface Primary {
  instance: Instance
  /** The elements of multi_instance_directories, in start order. */
  directories: string[]
  /** Expanded; empty for a name that nobody knows. */
  parameter(name: string): string
  /** What main.cf says, unexpanded and with single blanks, as `postconf -nh`; undefined where it says nothing. */
  setting(name: string): string | undefined
  /** As `postconf -hx`. */
  printed(name: string): string
}

/** Evaluated before the other defaults are known. */
const early = ['multi_instance_directories', 'multi_instance_group', 'multi_instance_name']
const knownEarly = ['compatibility_level', 'syslog_facility', 'inet_protocols']

/**
 * `warn` gets what the library warns of. Refuses, in the library's words, a main.cf with which no Postfix program starts.
 */
export function readPrimary(config_directory: string, warn: (text: string) => void): Primary {
  const settings = readSettings(config_directory, warn)
  const {parameters} = builtInDefaults()

  const lookup = (name: string): string | undefined => {
    const found = settings.get(name) ?? parameters[name]
    if (found !== undefined) return found
    if (name === 'myhostname') return defaultMyhostname(settings.get('mydomain'))
    return name === 'mydomain' ? defaultMydomain(settings.get('myhostname')) : undefined
  }
  const lookupEarly = (name: string): string | undefined =>
    settings.get(name) ?? (knownEarly.includes(name) ? parameters[name] : undefined)
  const unexpanded = (name: string): string => lookup(name) ?? ''
  const expanded = new Map<string, string>()
  const parameter = (name: string): string => {
    let value = expanded.get(name)
    if (value === undefined) {
      value = fromBytes(expandOrRefuse(unexpanded(name), early.includes(name) ? lookupEarly : lookup, warn))
      expanded.set(name, value)
    }
    return value
  }

  if (needsLibrary(settings, lookup)) {
    askLibrary(parameters.command_directory ?? '/usr/sbin', config_directory, warn)
  }
  const enable = parameter('multi_instance_enable').toLowerCase()
  if (enable !== 'yes' && enable !== 'no') {
    throw new Refusal(`bad boolean configuration: multi_instance_enable = ${parameter('multi_instance_enable')}`)
  }
  const directories = parameter('multi_instance_directories')
    .split(/[ \t\r\n,]+/)
    .filter((each) => each !== '')
  return {
    instance: {
      config_directory,
      queue_directory: parameter('queue_directory'),
      data_directory: parameter('data_directory'),
      multi_instance_name: parameter('multi_instance_name'),
      multi_instance_group: parameter('multi_instance_group'),
      // A host with a single instance starts it whatever the switch says.
      multi_instance_enable: enable === 'yes' || directories.length === 0,
    },
    directories,
    parameter,
    setting(name) {
      const value = settings.get(name)
      return value === undefined ? undefined : fromBytes(collapse(value))
    },
    printed: (name) => fromBytes(collapse(expandOrRefuse(unexpanded(name), lookup, warn))),
  }
}

/** The last setting of each name; latin1 text. */
function readSettings(config_directory: string, warn: (text: string) => void): Map<string, string> {
  const path = `${config_directory}/main.cf`
  let text: string
  try {
    text = readConfiguration(path)
  } catch (error) {
    const syscall = error instanceof Error && 'syscall' in error ? String(error.syscall) : 'open'
    throw new Refusal(`${syscall} ${path}: ${explainError(error)}`)
  }
  const {entries, fault, indented = []} = parseMainCf(text)
  for (const each of indented) warn(`${path}: ${fromBytes(each)}`)
  const settings = new Map([['config_directory', config_directory]])
  for (const {name, value, line} of entries) {
    const earlier = settings.get(name)
    if (earlier !== undefined && earlier !== value) {
      warn(fromBytes(`${path}, line ${line}: overriding earlier entry: ${name}=${earlier}`))
    }
    settings.set(name, value)
  }
  if (fault !== undefined) throw new Refusal(fromBytes(`${path}, line ${fault.line}: ${fault.reason}`))
  return settings
}

function expandOrRefuse(
  value: string,
  lookup: (name: string) => string | undefined,
  warn: (text: string) => void,
): string {
  if (!value.includes('$')) return value
  try {
    return expand(value, lookup)
  } catch (error) {
    if (!(error instanceof ExpansionFault)) throw error
    for (const each of error.warnings) warn(fromBytes(each))
    throw new Refusal('dictionary mail_dict: macro processing error')
  }
}
