/** What is wrong with the flow as a whole: mail that goes round, instances that get none. */
import {label} from '../model/instance/instance.ts'
import {type DeliveryPath, follow, type Stop} from './follow.ts'
import {type Edge, type Flow, type Node, nodeId} from './graph.ts'
import {isLoopback} from './next-hops.ts'
import {isReceiver} from './services.ts'
import {isTable, split, tableEntriesOf} from './tables.ts'
import {type FlowHost, listItems, type View} from './view.ts'

export interface Remark {
  /** `by name`: a next hop that has the name of an instance, and no address that could be seen here. */
  kind: 'loop' | 'unreachable' | 'by name'
  /** In the order in which mail goes through them. */
  nodes: string[]
  message: string
}

export function findRemarks(flow: Flow, host: FlowHost): Remark[] {
  return [...findLoops(flow, host), ...findUnreachable(flow, host), ...findByName(flow, host)]
}

/** One for all that can go round together. Followed is an address for each domain that any of them treats by itself. */
function findLoops(flow: Flow, host: FlowHost): Remark[] {
  return findRounds(flow).flatMap((round) => {
    const members = host.views.filter((each) => round.some(({id}) => id === nodeId(each)))
    const starts = members.flatMap((view) =>
      round.filter(({id}) => id === nodeId(view)).map(({service}) => ({view, service})),
    )
    // XXX Hundreds of instances in one round with hundreds of domains: not all of these are followed.
    const domains = new Set([foreignDomain, ...members.flatMap((each) => domainsOf(each, host))])
    for (const domain of [...domains].slice(0, Math.ceil(mostSearches / starts.length))) {
      const nodes = findLoop(starts, domain, host, flow)
      if (nodes === undefined) continue
      const mail = domain === foreignDomain ? 'mail for the rest of the world' : `mail for ${domain}`
      const names = nodes.map((each) => labelOfNode(each, flow))
      return [{kind: 'loop' as const, nodes, message: `${mail} goes round: ${names.join(', ')}`}]
    }
    return []
  })
}

const mostSearches = 20_000

/** Where one search has come by, the next need not begin. */
function findLoop(
  starts: readonly {view: View; service: string}[],
  domain: string,
  host: FlowHost,
  flow: Flow,
): string[] | undefined {
  const clean = new Set<string>()
  for (const {view, service} of starts) {
    if (clean.has(`${nodeId(view)} ${service}`)) continue
    const found = follow(view, service, `someone@${domain}`, 'someone@elsewhere.invalid', host, flow)
    const nodes = loopIn(found)
    if (nodes !== undefined) return nodes
    for (const each of stopsOf(found)) clean.add(`${each.instance} ${each.service}`)
  }
  return undefined
}

function stopsOf({stop, legs}: DeliveryPath): Stop[] {
  return [stop, ...legs.flatMap(({next}) => (next === null ? [] : stopsOf(next)))]
}

const foreignDomain = 'elsewhere.invalid'

/** From where it has been before to where it comes back. */
function loopIn(found: DeliveryPath, path: readonly {node: string; service: string}[] = []): string[] | undefined {
  const {stop, legs} = found
  const here = [...path, {node: stop.instance, service: stop.service}]
  for (const {to, next, loops, assumed} of legs) {
    const via = assumed === null ? [] : [{node: to.node.id, service: ''}]
    if (loops) {
      const nodes = [...here, ...via]
      const back = to.into === null ? undefined : to.node.id
      const start = back === undefined ? 0 : nodes.findIndex(({node}) => node === back)
      return [...nodes.slice(start), ...nodes.slice(start, start + 1)].map(({node}) => node)
    }
    if (next === null) continue
    const found = loopIn(next, [...here, ...via])
    if (found !== undefined) return found
  }
  return undefined
}

/** What can come back to where it was: an instance, or a program that hands mail on, and the service that takes it. */
interface LoopNode {
  id: string
  service: string
}

function findRounds(flow: Flow): LoopNode[][] {
  const next = new Map<string, Edge[]>()
  for (const each of flow.edges) {
    if (each.asks || each.trouble !== null) continue
    const known = next.get(each.from)
    if (known === undefined) next.set(each.from, [each])
    else known.push(each)
  }
  const isPart = (each: Edge): boolean => each.into !== null || next.has(each.to)
  const after = ({id, service}: LoopNode): LoopNode[] =>
    (next.get(id) ?? [])
      .filter((each) => isPart(each) && (each.entries === null || service === '' || each.entries.includes(service)))
      .map((each) => ({id: each.to, service: each.into ?? ''}))
  const starts = flow.edges.flatMap(({asks, to, into}) => (asks || into === null ? [] : {id: to, service: into}))
  return stronglyConnected(starts, after)
}

interface Visit {
  place: LoopNode
  key: string
  left: LoopNode[]
  index: number
  low: number
  isOnStack: boolean
}

/** Tarjan's algorithm without recursion; only groups that have a way round. */
function stronglyConnected(starts: readonly LoopNode[], after: (place: LoopNode) => LoopNode[]): LoopNode[][] {
  const keyOf = ({id, service}: LoopNode): string => `${id} ${service}`
  const visits = new Map<string, Visit>()
  const stack: Visit[] = []
  const groups: LoopNode[][] = []
  const enter = (place: LoopNode): Visit => {
    const key = keyOf(place)
    const visit = {place, key, left: after(place), index: visits.size, low: visits.size, isOnStack: true}
    visits.set(key, visit)
    stack.push(visit)
    return visit
  }
  for (const start of starts) {
    if (visits.has(keyOf(start))) continue
    const work = [enter(start)]
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const each = top.left.shift()
      if (each !== undefined) {
        const known = visits.get(keyOf(each))
        if (known === undefined) work.push(enter(each))
        else if (known.isOnStack) top.low = Math.min(top.low, known.index)
        continue
      }
      work.pop()
      const above = work.at(-1)
      if (above !== undefined) above.low = Math.min(above.low, top.low)
      if (top.low !== top.index) continue
      const group = stack.splice(stack.indexOf(top))
      for (const one of group) one.isOnStack = false
      const {key, place} = top
      if (group.length > 1 || after(place).some((one) => keyOf(one) === key)) groups.push(group.map((one) => one.place))
    }
  }
  return groups
}

function domainsOf(view: View, {tables}: FlowHost): string[] {
  const {transport_maps = '', mydestination = '', virtual_mailbox_domains = '', relay_domains = ''} = view.parameters
  const listed = listItems(transport_maps).flatMap((each) => [...(tableEntriesOf(each, view, tables)?.keys() ?? [])])
  const lists = [mydestination, virtual_mailbox_domains, relay_domains]
    .flatMap(listItems)
    .flatMap((each) =>
      isTable(each) || each.startsWith('/') ? [...(tableEntriesOf(each, view, tables)?.keys() ?? [])] : [each],
    )
  return [...listed, ...lists]
    .map((each) => split(each).domain || each)
    .map((each) => (each.startsWith('.') ? `sub${each}` : each))
    .filter((each) => /^[\w.-]+$/.test(each))
}

/** Neither the network nor sendmail(1) nor another instance can hand it mail. */
export function findUnreachable(flow: Flow, host: FlowHost): Remark[] {
  const {views} = host
  const reached = new Set([
    ...flow.edges.filter((each) => !each.asks && each.trouble === null).map(({to}) => to),
    ...hopsByName(flow, host).flatMap(({named}) => named.map(nodeId)),
  ])
  return views
    .filter((each) => each.multi_instance_enable && !reached.has(nodeId(each)))
    .map((view) => {
      const places = view.listeners.filter((each) => each.enabled && isReceiver(each.command))
      const why =
        places.length === 0
          ? 'it listens nowhere and takes no mail by sendmail(1)'
          : `it listens ${places.every((each) => each.addresses.every(isLoopback)) ? 'on this host alone' : 'nowhere else'}, and no instance sends to it`
      return {kind: 'unreachable', nodes: [nodeId(view)], message: `${label(view)} gets no mail: ${why}`}
    })
}

function findByName(flow: Flow, host: FlowHost): Remark[] {
  return hopsByName(flow, host).map(({hop, named: [first, ...others]}) => {
    const whose = others.length === 0 ? label(first) : `${label(first)} and ${others.length} more`
    const message = `${hop.label} has the name of ${whose}: only the DNS knows whether it is here, and flow does not ask it. Use an address, or add a line to /etc/hosts`
    return {kind: 'by name', nodes: [hop.id, ...[first, ...others].map(nodeId)], message}
  })
}

/** Where a myhostname is a next hop, and /etc/hosts does not have it. */
function hopsByName({nodes}: Flow, {views, network}: FlowHost): {hop: Node; named: [View, ...View[]]}[] {
  const owners = Map.groupBy(views, ({parameters}) => (parameters.myhostname ?? '').toLowerCase())
  return nodes.flatMap((hop) => {
    const [, name = ''] = (hop.kind === 'host' && /^\[(.+)\]:/.exec(hop.label)) || []
    const [first, ...others] = owners.get(name) ?? []
    return first === undefined || network.addressesOf(name).length > 0 ? [] : [{hop, named: [first, ...others]}]
  })
}

function labelOfNode(id: string, {nodes}: Flow): string {
  return nodes.find((each) => each.id === id)?.label ?? id
}
