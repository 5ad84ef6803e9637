/**
 * master.cf as far as postconf(1) looks at it: services, the parameters that they bring along, and their -o settings.
 * Source: parse_master_line() in postconf_master.c; postconf_service.c; master(5).
 */
import {logicalLines} from '../../model/main-cf/lines.ts'
import type {ServiceLine} from '../../model/master-cf/services.ts'
import {serviceTypes} from '../../model/master-cf/start-fault.ts'
import type {Defaults} from './defaults.ts'

export interface MasterCf {
  /** SERVICE_... parameters that exist because of a service, with their defaults. */
  readonly brought: ReadonlyMap<string, string>
  /** Only services that have -o settings. */
  services: MasterService[]
}

export interface MasterService {
  name: string
  type: string
  /** The daemon without its arguments. */
  command: string
  /** -o settings, unexpanded; of two with one name the last. */
  settings: Map<string, string>
}

const blanks = ' \t\r\n'
const isLimit = (word: string): boolean => word === '-' || /^\d+$/.test(word)
const isWakeUp = (word: string): boolean => word === '-' || /^\d+\??$/.test(word)
const isYesNoField = (word: string): boolean => word === '-' || word === 'y' || word === 'n'
const transports = ['local', 'error', 'virtual', 'smtp', 'lmtp']

let lastMasterCf: {text: string; parameters: Defaults['parameters']; masterCf: MasterCf | undefined} | undefined

/** `text` is latin1. Undefined where it is not plainly right: postconf must be asked. */
export function parseMasterCf(text: string, defaults: Defaults): MasterCf | undefined {
  // Instances have mostly one and the same.
  const {parameters} = defaults
  if (lastMasterCf?.text !== text || lastMasterCf.parameters !== parameters)
    lastMasterCf = {text, parameters, masterCf: parseAnew(text, defaults)}
  return lastMasterCf.masterCf
}

function parseAnew(text: string, defaults: Defaults): MasterCf | undefined {
  if (text.includes('\0')) return undefined
  const commands: [name: string, command: string][] = []
  let brought: Map<string, string> | undefined
  const masterCf: MasterCf = {
    services: [],
    // Made when somebody asks: an ordinary main.cf uses none of hundreds.
    get brought() {
      brought ??= new Map(
        commands.flatMap(([name, command]) =>
          broughtBy(command, defaults).map(([suffix, value]) => [name + suffix, value] as const),
        ),
      )
      return brought
    },
  }
  const indented: string[] = []
  for (const {text: line} of logicalLines(text, indented)) {
    const fields = splitFields(line)
    if (fields === undefined || fields.length < 8) return undefined
    const [
      name = '',
      type = '',
      isPrivate = '',
      unprivileged = '',
      chroot = '',
      wakeUp = '',
      limit = '',
      command = '',
    ] = fields
    const areSwitches = isYesNoField(isPrivate) && isYesNoField(unprivileged) && isYesNoField(chroot)
    if (!serviceTypes.includes(type) || !areSwitches || !isWakeUp(wakeUp) || !isLimit(limit)) return undefined
    commands.push([name, command])
    const settings = takeSettings(fields.slice(8))
    if (settings === undefined) return undefined
    if (settings.size > 0) addSettings({name, type, command, settings}, masterCf.services)
  }
  return indented.length === 0 ? masterCf : undefined
}

/** At blanks that are not inside braces; undefined when a brace is left open. */
export function splitFields(line: string): string[] | undefined {
  if (!line.includes('{')) return line.split(/[ \t\r\n]+/).filter((each) => each !== '')
  const fields: string[] = []
  let field = ''
  let depth = 0
  for (const character of line) {
    if (character === '{') depth++
    if (character === '}' && depth > 0) depth--
    if (depth > 0 || !blanks.includes(character)) field += character
    else if (field !== '') {
      fields.push(field)
      field = ''
    }
  }
  if (field !== '') fields.push(field)
  return depth === 0 ? fields : undefined
}

/** The names of parameters that exist because of these services, also where a line of master.cf is out of the ordinary. */
export function broughtNames(services: readonly ServiceLine[], defaults: Defaults): string[] {
  return services.flatMap(({name, command}) => broughtBy(command, defaults).map(([suffix]) => name + suffix))
}

function broughtBy(command: string, {services}: Defaults): [string, string][] {
  if (command === 'pipe') return Object.entries(services.pipe)
  if (command === 'spawn') return Object.entries(services.spawn)
  return transports.includes(command) ? Object.entries(services.transport) : []
}

/** Two services with one name and type have their settings in common. */
function addSettings(service: MasterService, services: MasterService[]): void {
  const twin = services.find(({name, type}) => name === service.name && type === service.type)
  if (twin === undefined) services.push(service)
  for (const [name, value] of service.settings) twin?.settings.set(name, value)
}

/** The -o settings among the options; what follows the options is the daemon's own business. */
export function takeSettings(words: string[]): Map<string, string> | undefined {
  const settings = new Map<string, string>()
  for (let at = 0, word = words[at]; word?.startsWith('-') && word !== '--'; word = words[++at]) {
    if (!word.startsWith('-o')) {
      if (/^-[A-Za-z]+$/.test(word) && !word.includes('o')) continue
      return undefined
    }
    const setting = word === '-o' ? words[++at] : word.slice(2)
    const [, name, value] = /^([^\s={}]+)=(\S*)$/.exec(unbrace(setting ?? '')) ?? []
    if (name === undefined || value === undefined) return undefined
    settings.set(name, value)
  }
  return settings
}

/** `{name = value}` as `name=value`; blanks inside the value are left for postconf to judge. */
function unbrace(setting: string): string {
  if (!setting.startsWith('{')) return setting
  return setting.replace(/^\{\s*([^{}\s=]+)\s*=\s*([^{}\s]*)\s*\}$/, '$1=$2')
}
