/** The instances and the host as rules see them. Each file is read once; what is made of it, when a rule wants it. */
import type {Wanted} from '@postmulti/plugin-api'
import {drawFlow} from '../../flow/draw.ts'
import type {MailFlow} from '../../flow/mail-flow.ts'
import {flowParameters, type Service, type View} from '../../flow/view.ts'
import {explainError} from '../../model/base/system-error.ts'
import {fromBytes, toLatin1} from '../../model/base/text.ts'
import {allListed, type Damaged, type Instance, type InstanceList, isDamaged} from '../../model/instance/instance.ts'
import {collapse, ExpansionFault, expand, expandForSure, mentionedNames} from '../../model/main-cf/expand.ts'
import {logicalLines, parseMainCf} from '../../model/main-cf/lines.ts'
import {findListeners, type Listener} from '../../model/master-cf/listeners.ts'
import {findTables, type NamedTable} from '../../model/master-cf/lookup-tables.ts'
import {readServiceLines, type ServiceLine} from '../../model/master-cf/services.ts'
import type {CheckedInstance, CheckInput} from '../../model/survey/check-input.ts'
import {listenerHost} from '../parameters/listeners.ts'
import {readValues} from '../parameters/values.ts'
import {type Defaults, madeAtRunTime} from '../reader/defaults.ts'
import {broughtNames} from '../reader/master-cf.ts'
import {readServices} from '../reader/own-settings.ts'
import type {Primary} from '../reader/primary.ts'
import {copyLatin1, readConfiguration} from '../reader/read-file.ts'
import {defaultMydomain, defaultMyhostname} from '../reader/run-time.ts'
import {readCheckHost} from './check-host.ts'
import {type FlowHosts, surround, toFlowService} from './flow-host.ts'
import {type PreviewedInstance, toService} from './preview.ts'

export interface ReadCheckInput extends CheckInput {
  /** Drawn when it is first asked for. */
  mailFlow(): ReadMailFlow
}

export interface ReadMailFlow extends MailFlow, FlowHosts {}

export function readCheckInput(primary: Primary, list: InstanceList): ReadCheckInput {
  const instances: ReadInstance[] = []
  const damaged: Damaged[] = []
  for (const each of allListed(list)) {
    const read = isDamaged(each) ? each : readSubject(each, primary)
    if (isDamaged(read)) damaged.push(read)
    else instances.push(read)
  }
  let drawn: ReadMailFlow | undefined
  return {
    instances,
    damaged,
    host: readCheckHost(primary, allListed(list)),
    mailFlow: () => (drawn ??= draw(instances, primary)),
  }
}

function draw(instances: readonly ReadInstance[], primary: Primary): ReadMailFlow {
  const hosts = surround(
    instances.map((each) => each.toFlowView()),
    primary,
  )
  return {...hosts, flow: drawFlow(hosts.host)}
}

function readSubject(instance: Instance, primary: Primary): ReadInstance | Damaged {
  const {config_directory} = instance
  let file = ''
  try {
    const read = (name: string): string => {
      file = `${config_directory}/${name}`
      return readConfiguration(file)
    }
    return new ReadInstance(instance, read('main.cf'), read('master.cf'), primary)
  } catch (error) {
    return {config_directory, file, reason: explainError(error)}
  }
}

class ReadInstance implements CheckedInstance {
  readonly config_directory: string
  readonly queue_directory: string
  readonly data_directory: string
  readonly multi_instance_name: string
  readonly multi_instance_group: string
  readonly multi_instance_enable: boolean
  readonly primary: boolean
  readonly settings = new Map<string, {value: string; line: number}>()
  readonly overridden: {name: string; value: string; line: number}[] = []
  readonly #host: Primary
  readonly #masterCf: string
  readonly #values = new Map<string, string>()
  #services: ServiceLine[] | undefined
  #listeners: Listener[] | undefined
  #tables: NamedTable[] | undefined
  #used: Set<string> | undefined

  constructor(instance: Instance, mainCf: string, masterCf: string, host: Primary) {
    this.config_directory = instance.config_directory
    this.queue_directory = instance.queue_directory
    this.data_directory = instance.data_directory
    this.multi_instance_name = instance.multi_instance_name
    this.multi_instance_group = instance.multi_instance_group
    this.multi_instance_enable = instance.multi_instance_enable
    this.primary = instance === host.instance
    this.#host = host
    this.#masterCf = masterCf
    for (const {name, value, line} of parseMainCf(mainCf).entries) {
      // A piece of the file would keep all of it in memory.
      const own = fromBytes(copyLatin1(name))
      const earlier = this.settings.get(own)
      if (earlier !== undefined) this.overridden.push({name: own, ...earlier})
      this.settings.set(own, {value: fromBytes(copyLatin1(collapse(value))), line})
    }
  }

  get services(): readonly ServiceLine[] {
    this.#services ??= serviceLines(this.#masterCf)
    return this.#services
  }

  get listeners(): readonly Listener[] {
    if (this.#listeners === undefined) {
      const settings = {
        inet_interfaces: this.parameter('inet_interfaces'),
        inet_protocols: this.parameter('inet_protocols'),
        master_service_disable: this.parameter('master_service_disable'),
      }
      this.#listeners = findListeners(masterCfLines(this.#masterCf), settings, listenerHost(this.#host))
    }
    return this.#listeners
  }

  get tables(): readonly NamedTable[] {
    if (this.#tables === undefined) {
      const ofServices = this.services.flatMap(({name, type, settings}) =>
        [...settings].map(([parameter, value]) => ({service: `${name}/${type}`, name: parameter, value})),
      )
      const ofMainCf = [...this.settings].map(([name, {value}]) => ({service: null, name, value}))
      this.#tables = findTables([...ofMainCf, ...ofServices], (name) => this.#written(name))
    }
    return this.#tables
  }

  parameter(name: string): string {
    let value = this.#values.get(name)
    if (value === undefined) {
      value = collapse(this.#expand(this.#written(name) ?? ''))
      this.#values.set(name, value)
    }
    return value
  }

  expanded(value: string, own: ReadonlyMap<string, string> = noSettings): string | undefined {
    if (!value.includes('$')) return value
    const lookup = (name: string): string | undefined => {
      const written = own.get(name) ?? this.#written(name)
      if (written !== undefined) return toLatin1(written)
      // What nothing sets stands for nothing.
      return this.isDefined(name) ? undefined : ''
    }
    const expanded = expandForSure(toLatin1(value), lookup, this.#host.defaults.parameters.mail_version)
    return expanded === undefined ? undefined : fromBytes(expanded)
  }

  isDefined(name: string): boolean {
    const {defaults} = this.#host
    if (this.settings.has(name) || defaults.parameters[name] !== undefined || madeAtRunTime.includes(name)) return true
    if (name === 'config_directory') return true
    return broughtNames(this.services, defaults).includes(name)
  }

  isUsed(name: string): boolean {
    const {defaults} = this.#host
    if (defaults.parameters[name] !== undefined || madeAtRunTime.includes(name)) return true
    this.#used ??= new Set([
      ...broughtNames(this.services, defaults),
      ...[...this.settings.values()].flatMap(({value}) => mentionedNames(value)),
      ...this.services.flatMap(({settings}) => [...settings.values()].flatMap(mentionedNames)),
      ...this.parameter('smtpd_restriction_classes').split(/[\s,]+/),
      ...mentionedInDefaults(defaults),
    ])
    return this.#used.has(name)
  }

  toFlowView(): View {
    const {config_directory, queue_directory, data_directory, listeners} = this
    const {multi_instance_name, multi_instance_group, multi_instance_enable} = this
    return {
      ...{config_directory, queue_directory, data_directory},
      ...{multi_instance_name, multi_instance_group, multi_instance_enable},
      parameters: Object.fromEntries(flowParameters.map((name) => [name, this.parameter(name)])),
      services: masterCfLines(this.#masterCf).map((each) => this.#flowService(each)),
      listeners,
      trustsXforward: (this.settings.get('smtpd_authorized_xforward_hosts')?.value ?? '') !== '',
    }
  }

  #flowService(line: string): Service {
    if (line.includes('$')) return toFlowService(fromBytes(line), (word) => this.#expand(word))
    let service = plainServices.get(line)
    if (service === undefined) {
      service = toFlowService(fromBytes(line), (word) => word)
      plainServices.set(line, service)
    }
    return service
  }

  #expand(value: string): string {
    try {
      return fromBytes(expand(toLatin1(value), (name) => this.#latin1(name)))
    } catch (error) {
      // broken-instance says so, when it matters to Postfix.
      if (error instanceof ExpansionFault) return value
      throw error
    }
  }

  #latin1(name: string): string | undefined {
    const written = this.#written(name)
    return written === undefined ? undefined : toLatin1(written)
  }

  #written(name: string): string | undefined {
    if (name === 'config_directory') return this.config_directory
    return this.settings.get(name)?.value ?? this.#host.defaults.parameters[name] ?? this.#madeAtRunTime(name)
  }

  #madeAtRunTime(name: string): string | undefined {
    const own = (each: string): string | undefined => {
      const setting = this.settings.get(each)
      return setting === undefined ? undefined : this.#expand(setting.value)
    }
    if (name === 'myhostname') return defaultMyhostname(own('mydomain'), this.#host.defaults.host)
    if (name === 'mydomain')
      return defaultMydomain(own('myhostname') ?? defaultMyhostname(undefined, this.#host.defaults.host))
    if (name === 'mynetworks') return readValues([this.config_directory], [name], this.#host)[0]?.get(name)
    return undefined
  }
}

const noSettings: ReadonlyMap<string, string> = new Map()

/** Most lines of master.cf are the same in all instances. */
const plainServices = new Map<string, Service>()

let mentioned: {parameters: Defaults['parameters']; names: string[]} | undefined

/** Names of the past, which newer parameters take their defaults from. */
function mentionedInDefaults({parameters}: Defaults): string[] {
  if (mentioned?.parameters !== parameters) {
    const values = Object.values(parameters).filter((each) => each.includes('$'))
    mentioned = {parameters, names: values.flatMap(mentionedNames)}
  }
  return mentioned.names
}

/** Each on one line, with single blanks. */
function masterCfLines(masterCf: string): string[] {
  return [...logicalLines(masterCf)].map(({text}) => collapse(text))
}

let lastServices: {text: string; services: ServiceLine[]} | undefined

/** Instances have mostly one and the same master.cf. What is not a service line, broken-instance tells. */
function serviceLines(text: string): ServiceLine[] {
  if (lastServices?.text !== text) lastServices = {text, services: readServiceLines(text)}
  return lastServices.services
}

/** As plugins see it. */
export function viewOf(
  subject: CheckedInstance,
  {parameters = [], services, listeners, tables}: Wanted,
): PreviewedInstance {
  const {config_directory, queue_directory, data_directory} = subject
  const {multi_instance_name, multi_instance_group, multi_instance_enable, primary} = subject
  return {
    ...{config_directory, queue_directory, data_directory},
    ...{multi_instance_name, multi_instance_group, multi_instance_enable, primary},
    parameters: Object.fromEntries(parameters.map((name) => [name, subject.parameter(name)])),
    services: services ? readServices(config_directory).map(toService) : [],
    listeners: listeners ? [...subject.listeners] : [],
    tables: tables ? [...subject.tables] : [],
  }
}
