/** What src/flow/ computes with: the instances, the network around them, and their tables as far as they can be read. */
import type {FlowHost, Network, Service, Tables, View} from '../../flow/view.ts'
import {listenerHost} from '../parameters/listeners.ts'
import type {Primary} from '../reader/primary.ts'
import {addressesOfHost, readOpenPorts} from '../state/open-ports.ts'
import {readContents} from './contents.ts'

export interface FlowHosts {
  host: FlowHost
  /** Answers a look-up: tables that cannot be listed are asked for the key with postmap(1). */
  lookUp: Tables['find']
  /** By table: why it could not be listed, or what is to be said of it. It grows while tables are looked for. */
  remarks: ReadonlyMap<string, string>
  /** The same of `lookUp`: why it could not be asked. */
  silent: ReadonlyMap<string, string>
}

/** The host around instances that have been read. */
export function surround(views: readonly View[], primary: Primary): FlowHosts {
  const {entries, find, remarks, silent} = readContents(primary)
  const network = readNetwork(primary)
  return {
    host: {views, network, tables: {entries, find: (table, key, of) => valueIn(entries(table, of), key)}},
    lookUp: find,
    remarks,
    silent,
  }
}

function valueIn(entries: ReadonlyMap<string, string> | null, key: string): string | null | undefined {
  return entries === null ? undefined : (entries.get(key) ?? null)
}

/** `expanded` gets words with a $name in them. */
export function toFlowService(line: string, expanded: (word: string) => string): Service {
  const [name = '', type = '', , , , , , ...command] = line.split(/\s+/)
  return {name, type, command: command.map((word) => (word.includes('$') ? expanded(word) : word))}
}

function readNetwork(primary: Primary): Network {
  const {addressesOf, portOf} = listenerHost(primary)
  return {own: addressesOfHost(), addressesOf, portOf, open: readOpenPorts()}
}
