/**
 * What `postconf -xc DIR` says of a secondary instance, without asking it; where this file is not sure, it asks.
 * Parameters that nobody wants can make postconf fail, so all of main.cf and master.cf is judged.
 * Source: load_instance() in postmulti.c; postconf_user.c, postconf_dbms.c and postconf_master.c for the judging.
 */
import {collapse, ExpansionFault, expand, mentionedNames} from '../model/expand.ts'
import type {Damaged, Instance, Listed} from '../model/instance.ts'
import {parseMainCf} from '../model/lines.ts'
import {explainError} from '../model/system-error.ts'
import {fromBytes} from '../model/text.ts'
import {builtInDefaults} from './defaults.ts'
import {readServices, type Service} from './master-cf.ts'
import {type Answer, askPostconf, parseAnswer} from './postconf.ts'
import type {Primary} from './primary.ts'
import {readConfiguration} from './read-file.ts'
import {areOwnAddresses, areProtocols, defaultMydomain, defaultMyhostname, isCompatibilityLevel} from './run-time.ts'

/** The five parameters that make an instance. */
export const wanted = [
  'queue_directory',
  'data_directory',
  'multi_instance_name',
  'multi_instance_group',
  'multi_instance_enable',
] as const

type Values = Map<string, string>

/** One instance. `passOn` gets what postconf prints on stderr where it had to be asked. */
export function readSecondary(config_directory: string, primary: Primary, passOn: (text: string) => void): Listed {
  const read = readNatively(config_directory)
  if (read !== 'unsure') return read
  const answer = askPostconf(primary.parameter('command_directory'), ['-xc', config_directory, ...wanted])
  return fromAnswer(config_directory, answer, passOn)
}

/** 'unsure' where only postconf knows. */
export function readNatively(config_directory: string): Listed | 'unsure' {
  const path = `${config_directory}/main.cf`
  let text: string
  try {
    text = readConfiguration(path)
  } catch (error) {
    return {config_directory, file: path, reason: explainError(error)}
  }
  if (text.includes('\0')) return 'unsure'
  const {entries, fault, indented} = parseMainCf(text)
  if (fault !== undefined) return {config_directory, file: path, line: fault.line, reason: fromBytes(fault.reason)}
  if (indented !== undefined) return 'unsure'
  const settings: Values = new Map([['config_directory', config_directory]])
  for (const {name, value} of entries) {
    const earlier = settings.get(name)
    // postconf warns of the difference.
    if (earlier !== undefined && earlier !== value) return 'unsure'
    settings.set(name, value)
  }
  const services = readMasterCf(`${config_directory}/master.cf`)
  if (services === undefined) return 'unsure'
  const values = evaluate(settings, services)
  return values === undefined ? 'unsure' : toListed(config_directory, values)
}

/** postconf's answer, or its reason for giving none. */
export function fromAnswer(config_directory: string, answer: Answer, passOn: (text: string) => void): Listed {
  const file = `${config_directory}/main.cf`
  const lines = fromBytes(answer.stderr).split('\n').slice(0, -1)
  const fatal = /^[^ ]*postconf: fatal: (.*)$/.exec(lines.at(-1) ?? '')?.[1]
  if (answer.status === 0) {
    if (lines.length > 0) passOn(`${lines.join('\n')}\n`)
    return toListed(config_directory, parseAnswer(answer.stdout))
  }
  if (fatal === undefined) return {config_directory, file, reason: `Cannot parse ${file} file`}
  if (lines.length > 1) passOn(`${lines.slice(0, -1).join('\n')}\n`)
  const [, place, line, reason] = /^(?:file )?(\/\S*\.cf)(?:, line (\d+))?: (.*)$/.exec(fatal) ?? []
  if (place === undefined || reason === undefined) return {config_directory, file, reason: fatal}
  const inLine = /^line (\d+): (.*)$/.exec(reason)
  const number = line ?? inLine?.[1]
  return {
    config_directory,
    file: place,
    ...(number === undefined ? {} : {line: Number(number)}),
    reason: inLine?.[2] ?? reason,
  }
}

function toListed(config_directory: string, values: ReadonlyMap<string, string>): Listed {
  const file = `${config_directory}/main.cf`
  const missing = wanted.find((name) => !values.has(name))
  if (missing !== undefined) {
    return {config_directory, file, reason: `Failed to obtain all required ${file} parameters`}
  }
  const value = (name: (typeof wanted)[number]): string => fromBytes(values.get(name) ?? '')
  const enable = value('multi_instance_enable')
  if (!/^(?:yes|no)$/i.test(enable)) {
    return {config_directory, file, reason: `Unexpected entry: multi_instance_enable = ${enable}`} satisfies Damaged
  }
  return {
    config_directory,
    queue_directory: value('queue_directory'),
    data_directory: value('data_directory'),
    multi_instance_name: value('multi_instance_name'),
    multi_instance_group: value('multi_instance_group'),
    multi_instance_enable: enable.toLowerCase() === 'yes',
  } satisfies Instance
}

/** Instances are mostly copies of one prototype. */
let lastMasterCf: {text: string; services: Service[]} | undefined

function readMasterCf(path: string): Service[] | undefined {
  let text: string
  try {
    text = readConfiguration(path)
  } catch (error) {
    explainError(error)
    return undefined
  }
  if (text === lastMasterCf?.text) return lastMasterCf.services
  const services = readServices(text)
  if (services !== undefined) lastMasterCf = {text, services}
  return services
}

/** The five, collapsed as postconf prints them; undefined where postconf would warn, fail or know better. */
function evaluate(settings: Values, services: Service[]): Values | undefined {
  const {parameters} = builtInDefaults()
  const isBuiltIn = (name: string): boolean => parameters[name] !== undefined || runTime.has(name)
  const mentioned = new Set<string>()
  const userParameters: string[] = []
  const used = new Set<string>()
  const lookup = (name: string): string | undefined => {
    used.add(name)
    const found = settings.get(name) ?? parameters[name] ?? runTime.get(name)?.(settings)
    return found ?? serviceDefault(name, services)
  }
  for (const [name, value] of settings) {
    if (name === 'config_directory') continue
    if (readOnly.has(name) || name === 'smtpd_restriction_classes') return undefined
    const builtIn = isBuiltIn(name) || serviceDefault(name, services) !== undefined
    if (!builtIn) userParameters.push(name)
    if (builtIn && /(?:ldap|mysql|pgsql|sqlite|memcache):/.test(value)) return undefined
    if (!value.includes('$')) {
      if (builtIn && /[{}]/.test(value)) return undefined
      continue
    }
    for (const each of mentionedNames(value)) mentioned.add(each)
    if (raw.has(name)) continue
    const expanded = tryExpand(value, lookup)
    if (expanded === undefined || (builtIn && /[{}]/.test(expanded))) return undefined
  }
  if (userParameters.some((name) => !mentioned.has(name))) return undefined
  const isKnown = (name: string): boolean =>
    settings.has(name) || isBuiltIn(name) || readOnly.has(name) || serviceDefault(name, services) !== undefined
  if (![...mentioned].every(isKnown)) return undefined
  if (!sideEvaluationsSucceed(settings, lookup)) return undefined

  used.clear()
  const values: Values = new Map()
  for (const name of wanted) {
    const value = tryExpand(settings.get(name) ?? parameters[name] ?? '', lookup)
    if (value === undefined) return undefined
    values.set(name, collapse(value))
  }
  return used.has('process_id') || used.has('mynetworks') ? undefined : values
}

/** Given to every service by its own name. */
const readOnly = new Set(['process_name', 'process_id', 'service_name'])

/** Made anew in each process. That of mynetworks is never needed for its value. */
const runTime = new Map<string, (settings: Values) => string>([
  ['process_name', () => 'postconf'],
  ['process_id', () => '1'],
  ['service_name', () => ''],
  ['mynetworks', () => ''],
  ['myhostname', (settings) => defaultMyhostname(settings.get('mydomain'))],
  ['mydomain', (settings) => defaultMydomain(settings.get('myhostname'))],
])

/** Inserted as they are. Source: postconf(5); a name that is missing here only costs a call of postconf. */
const raw = new Set([
  'command_execution_directory',
  'default_rbl_reply',
  'forward_path',
  'luser_relay',
  'mailbox_command',
  'postscreen_expansion_filter',
  'postscreen_reject_footer',
  'smtpd_expansion_filter',
  'smtpd_reject_footer',
])

const deliveryAgents = ['local', 'error', 'virtual', 'smtp', 'lmtp', 'pipe']

/** The default of SERVICE_..., where a service of that name brings such a parameter. */
function serviceDefault(name: string, services: Service[]): string | undefined {
  const kinds = builtInDefaults().services
  for (const service of services) {
    if (!name.startsWith(`${service.name}_`)) continue
    const suffix = name.slice(service.name.length)
    const brought =
      service.command === 'pipe'
        ? kinds.pipe[suffix]
        : service.command === 'spawn'
          ? kinds.spawn[suffix]
          : deliveryAgents.includes(service.command)
            ? kinds.transport[suffix]
            : undefined
    if (brought !== undefined) return brought
  }
  return undefined
}

/** The defaults of mynetworks, myhostname and mydomain are computed whether wanted or not, and may fail. */
function sideEvaluationsSucceed(settings: Values, lookup: (name: string) => string | undefined): boolean {
  if (settings.has('mynetworks')) return true
  const explicit = (name: string): string | undefined => {
    const value = settings.get(name)
    return value === undefined ? undefined : tryExpand(value, lookup)
  }
  const protocols = explicit('inet_protocols')
  const style = explicit('mynetworks_style')
  const level = explicit('compatibility_level')
  const interfaces = explicit('inet_interfaces')
  return (
    (protocols === undefined || areProtocols(protocols)) &&
    (style === undefined || /^(?:class|subnet|host)$/.test(style)) &&
    (level === undefined || isCompatibilityLevel(level)) &&
    (interfaces === undefined || areOwnAddresses(interfaces))
  )
}

function tryExpand(value: string, lookup: (name: string) => string | undefined): string | undefined {
  if (!value.includes('$')) return value
  try {
    return expand(value, lookup, (name) => raw.has(name))
  } catch (error) {
    if (error instanceof ExpansionFault) return undefined
    throw error
  }
}
