/**
 * The flow of mail as a value: the places that mail comes to, and the ways between them. Parallel ways become one.
 * Nothing here looks at the host.
 */
import {type Instance, label} from '../model/instance/instance.ts'
import type {Listener} from '../model/master-cf/listeners.ts'
import type {Mail} from './routes.ts'
import type {View} from './view.ts'

export interface Flow {
  /** Where mail comes from, then the instances in start order, then where it goes. */
  nodes: Node[]
  edges: Edge[]
}

export type Node =
  | {
      kind: 'instance'
      id: string
      label: string
      instance: Instance
      myhostname: string
      listeners: readonly Listener[]
    }
  /**
   * The network and sendmail(1); a host; a program on this host; sockets; mailboxes; milters and policy services;
   * tables that cannot be listed; error and discard.
   */
  | {kind: OtherKind; id: string; label: string}

export type OtherKind = 'source' | 'host' | 'program' | 'mailbox' | 'service' | 'table' | 'dead end'

export interface Edge {
  from: string
  to: string
  /** Empty for ways into the host. */
  mail: Mail[]
  /** Parameters that say so. */
  by: string[]
  /** A service of master.cf, and its program; null for what no transport carries. */
  transport: string | null
  program: string | null
  /** Of `from`: only mail that came in by these services; null for all. */
  entries: string[] | null
  /** Of `to`: the service that takes it; null where that is not an instance. */
  into: string | null
  /** Only asked what it thinks of the mail; the mail goes on elsewhere. */
  asks: boolean
  /** Why it is a guess; null for what the configuration says. */
  assumed: string | null
  /** Why it does not work; null for what does. */
  trouble: Trouble | null
}

/** Where an edge ends. */
export interface Destination {
  node: Node
  program: string | null
  into: string | null
  trouble: Trouble | null
  /** Another one is named before it: it gets what that one does not take. */
  isFallback?: true
}

export interface Trouble {
  kind: 'disabled' | 'switched off' | 'nobody' | 'itself' | 'no transport'
  /** The next hop, as [HOST]:PORT; of no transport its name. */
  place: string
  message: string
}

export const network: Node = {kind: 'source', id: 'network', label: 'network'}
export const local: Node = {kind: 'source', id: 'sendmail', label: 'sendmail'}

export function toNode(view: View): Node {
  const {parameters, services: _services, listeners, trustsXforward: _trusts, ...instance} = view
  const id = nodeId(view)
  return {kind: 'instance', id, label: label(view), instance, myhostname: parameters.myhostname ?? '', listeners}
}

export function nodeId({config_directory}: Instance): string {
  return config_directory
}

export function plainEdge(from: string, to: string): Edge {
  return {
    from,
    to,
    mail: [],
    by: [],
    transport: null,
    program: null,
    entries: null,
    into: null,
    asks: false,
    assumed: null,
    trouble: null,
  }
}

/** While it is made. */
export class Drawing {
  readonly #nodes = new Map<string, Node>()
  readonly #edges = new Map<string, Edge>()

  node(node: Node): void {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node)
  }

  find(id: string): Node | undefined {
    return this.#nodes.get(id)
  }

  edges(): Edge[] {
    return [...this.#edges.values()]
  }

  add(edge: Edge, {node, program, into, trouble}: Destination): void {
    this.node(node)
    this.edge({...edge, to: node.id, program: program ?? edge.program, into, trouble})
  }

  edge(edge: Edge): void {
    const {from, to, into, transport, entries, asks, assumed} = edge
    const isFallback = edge.mail.some((each) => each.class === 'fallback')
    const key = JSON.stringify([from, to, into, transport, entries, asks, assumed, isFallback])
    const same = this.#edges.get(key)
    if (same === undefined) {
      this.#edges.set(key, {...edge, mail: edge.mail.map((each) => ({...each, of: [...each.of]})), by: [...edge.by]})
      return
    }
    for (const each of edge.mail) mergeMail(same.mail, each)
    for (const each of edge.by) if (!same.by.includes(each)) same.by.push(each)
  }

  done(): Flow {
    return {nodes: [...this.#nodes.values()], edges: this.edges()}
  }
}

export function mergeMail(mail: Mail[], more: Mail): void {
  const same = mail.find((each) => each.class === more.class)
  if (same === undefined) mail.push({...more, of: [...more.of]})
  else for (const each of more.of) if (!same.of.includes(each)) same.of.push(each)
}
