/** All that src/flow/ computes with: the instances, the network around them, and their tables as far as they can be read. */
import {type FlowHost, flowParameters, type Network, type Service, type View} from '../flow/view.ts'
import {ToolFailure} from '../model/errors.ts'
import {ExpansionFault, expand} from '../model/expand.ts'
import type {Damaged, Instance} from '../model/instance.ts'
import {errorCode, explainError} from '../model/system-error.ts'
import {fromBytes} from '../model/text.ts'
import {readContents} from './contents.ts'
import {listenersOf, thisHost} from './listeners.ts'
import {ownAddresses, readOpenPorts} from './open-ports.ts'
import {readOwnSettings, readServices} from './own-settings.ts'
import type {Primary} from './primary.ts'
import {type ReadText, readConfiguration} from './read-file.ts'
import {readValues, type Values} from './values.ts'

export interface ReadFlow {
  host: FlowHost
  /** As `host`, but tables that cannot be listed are asked for each key with postmap(1). */
  asking: FlowHost
  /** Of the instances those that could not be read so far. */
  damaged: Damaged[]
  /** By table: why it could not be listed, or what is to be said of it. It grows while tables are looked for. */
  remarks: ReadonlyMap<string, string>
  /** The same of `asking`: why it could not be asked. */
  silent: ReadonlyMap<string, string>
}

/** In the order of the instances. `read`: for files as they will be. */
export function readFlowHost(
  instances: readonly Instance[],
  primary: Primary,
  read: ReadText = readConfiguration,
): ReadFlow {
  const damaged: Damaged[] = []
  return {...surround(readViews(instances, primary, read, damaged), primary), damaged}
}

/** The host around instances that have been read. */
export function surround(views: readonly View[], primary: Primary): Omit<ReadFlow, 'damaged'> {
  const {entries, find, remarks, silent} = readContents(primary)
  const network = readNetwork()
  return {
    host: {views, network, tables: {entries, find: (table, key, of) => valueIn(entries(table, of), key)}},
    asking: {views, network, tables: {entries, find}},
    remarks,
    silent,
  }
}

function valueIn(entries: ReadonlyMap<string, string> | null, key: string): string | null | undefined {
  return entries === null ? undefined : (entries.get(key) ?? null)
}

const names = [...flowParameters, 'master_service_disable']

/** All at once; one after the other when that fails, to know where. */
function readViews(instances: readonly Instance[], primary: Primary, read: ReadText, damaged: Damaged[]): View[] {
  const attempt = (some: readonly Instance[]): View[] => {
    const directories = some.map(({config_directory}) => config_directory)
    const values = readValues(directories, names, primary, {read: unlessAsItIs(read)})
    return some.map((each, at) => toView(each, values[at]!, primary, read))
  }
  const one = (each: Instance): View[] => {
    try {
      return attempt([each])
    } catch (error) {
      damaged.push({config_directory: each.config_directory, ...reasonOf(error, each)})
      return []
    }
  }
  try {
    return attempt(instances)
  } catch (error) {
    if (!(error instanceof ToolFailure) && errorCode(error) === undefined) throw error
    return instances.flatMap(one)
  }
}

/** What is as it is, postconf(1) reads in its place. */
function unlessAsItIs(read: ReadText): ReadText | undefined {
  return read === readConfiguration ? undefined : read
}

function reasonOf(error: unknown, {config_directory}: Instance): Omit<Damaged, 'config_directory'> {
  if (error instanceof ToolFailure) return {file: `${config_directory}/main.cf`, reason: error.message}
  const path = error instanceof Error && 'path' in error ? String(error.path) : `${config_directory}/main.cf`
  return {file: path, reason: explainError(error)}
}

function toView(instance: Instance, values: Values, primary: Primary, read: ReadText): View {
  const {config_directory} = instance
  const own = readOwnSettings(config_directory, read)
  const lines = readServices(config_directory, read)
  const parameters = Object.fromEntries(values)
  const lookup = (name: string): string | undefined =>
    own.get(name) ?? parameters[name] ?? primary.defaults.parameters[name]
  return {
    ...instance,
    parameters,
    services: lines.map((each) => toFlowService(fromBytes(each), (word) => tryExpand(word, lookup))),
    listeners: listenersOf(lines, values),
    // Expanded it would be worth a call of postconf(1): it is mostly $mynetworks, which is made at run time.
    trustsXforward: (own.get('smtpd_authorized_xforward_hosts') ?? '') !== '',
  }
}

/** `expanded` gets words with a $name in them. */
export function toFlowService(line: string, expanded: (word: string) => string): Service {
  const [name = '', type = '', , , , , , ...command] = line.split(/\s+/)
  return {name, type, command: command.map((word) => (word.includes('$') ? expanded(word) : word))}
}

function tryExpand(word: string, lookup: (name: string) => string | undefined): string {
  try {
    return expand(word, lookup)
  } catch (error) {
    if (error instanceof ExpansionFault) return word
    throw error
  }
}

function readNetwork(): Network {
  const {addressesOf, portOf} = thisHost()
  return {own: ownAddresses(), addressesOf, portOf, open: readOpenPorts()}
}
