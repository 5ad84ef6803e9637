/**
 * The picture: where mail comes in, which instance hands it to which, and where it leaves. Nothing here looks at the host.
 * Source: facts of the configuration alone; what a filter does with mail is a guess, which says why.
 */
import {type Instance, label} from '../model/instance.ts'
import {describeListener, type Listener} from '../model/listeners.ts'
import {
  describePlace,
  isItself,
  isLoopback,
  isReady,
  type Place,
  parseNextHop,
  type Reached,
  whoListens,
} from './places.ts'
import {type Hop, splitHop} from './resolve.ts'
import {type Mail, type Route, routesOf} from './routes.ts'
import {findTransport, isReceiver, optionOf, programOf, settingOf, submitters} from './services.ts'
import {type FlowHost, type FlowParameter, type Service, type View, words} from './view.ts'

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
  /** Of `to`: the service that takes it; null where that is no instance. */
  into: string | null
  /** Only asked what it thinks of the mail; the mail goes on elsewhere. */
  asks: boolean
  /** Why it is a guess; null for what the configuration says. */
  assumed: string | null
  /** Why it does not work; null for what does. */
  trouble: Trouble | null
}

export interface Trouble {
  kind: 'disabled' | 'switched off' | 'nobody' | 'itself' | 'no transport'
  /** The next hop, as [HOST]:PORT; of no transport its name. */
  place: string
  message: string
}

export const network: Node = {kind: 'source', id: 'network', label: 'network'}
export const local: Node = {kind: 'source', id: 'sendmail', label: 'sendmail'}

export function drawFlow(host: FlowHost): Flow {
  const drawing = new Drawing()
  for (const view of host.views) drawWaysIn(view, drawing)
  for (const view of host.views) drawing.node(toNode(view))
  for (const view of host.views) {
    for (const each of routesOf(view, host)) drawRoute(view, each, host, drawing)
    drawServices(view, drawing)
  }
  guessReinjection(host, drawing)
  return drawing.done()
}

/** Where a transport of an instance takes mail with this next hop. Several, when several are named. */
export function destinationsOf(view: View, {transport, nexthop}: Hop, host: FlowHost): Destination[] {
  const service = findTransport(view, transport)
  if (service === undefined) {
    const message = `${label(view)} has no transport '${transport}' in master.cf: its mail is deferred`
    return [
      dead(`transport ${transport}`, `no transport ${transport}`, {kind: 'no transport', place: transport, message}),
    ]
  }
  const program = programOf(service)
  if (program === 'smtp' || program === 'lmtp') return destinationsByNetwork(view, service, nexthop, host)
  const destination = (node: Node): Destination => ({node, program, into: null, trouble: null})
  if (program === 'error') return [{...dead(`error ${nexthop}`, `returned: ${nexthop}`, null), program}]
  if (program === 'discard') return [{...dead(`discard ${nexthop}`, 'discarded', null), program}]
  if (program === 'local') return [destination({kind: 'mailbox', id: 'local', label: 'local mailboxes'})]
  if (program === 'virtual') return [destination({kind: 'mailbox', id: 'virtual', label: 'virtual mailboxes'})]
  const [, argv = transport] = /(?:^| )argv=(\S+)/.exec(service.command.join(' ')) ?? []
  return [destination({kind: 'program', id: `${pipe}${argv}`, label: argv})]
}

export interface Destination {
  node: Node
  program: string | null
  into: string | null
  trouble: Trouble | null
}

/** As `destinationsOf`, for a smtpd_proxy_filter, which no transport of master.cf carries; it may be a port alone. */
export function destinationsBeforeQueue(view: View, filter: string, host: FlowHost): Destination[] {
  const places = parseNextHop(/^\d+$/.test(filter) ? `[127.0.0.1]:${filter}` : filter, 25)
  return places.flatMap((place) => destinationsOfPlace(view, withoutMx(place), 'smtpd', host))
}

function destinationsOfPlace(view: View, place: Place, program: string | null, host: FlowHost): Destination[] {
  const text = describePlace(place, host.network)
  if (program !== 'smtpd' && isItself(view, place, host)) {
    const message = `${text} is ${label(view)} itself: mail that it sends there is returned, because it loops back`
    return [{node: toNode(view), program, into: null, trouble: {kind: 'itself', place: text, message}}]
  }
  const found = whoListens(place, host)
  const elsewhere = {node: hostNode(place, text), program, into: null, trouble: null}
  if (found === null) return [elsewhere]
  const {reached, open, loopback} = found
  if (reached.length === 0) {
    const there = {...elsewhere, node: loopback ? programNode(text) : elsewhere.node}
    if (open !== false) return [there]
    const message = `nobody listens on ${text}: mail that ${label(view)} sends there is deferred`
    return [{...there, trouble: {kind: 'nobody', place: text, message}}]
  }
  return reached.map((each) => ({
    node: toNode(each.view),
    program,
    into: each.listener.service,
    trouble: troubleAt(view, each, text),
  }))
}

function destinationsByNetwork(view: View, service: Service, nexthop: string, host: FlowHost): Destination[] {
  const program = programOf(service)
  const port = program === 'lmtp' ? settingOf(service, 'lmtp_tcp_port', view) : 25
  if (nexthop === '')
    return [{node: {kind: 'host', id: 'mx', label: "MX of the recipient's domain"}, program, into: null, trouble: null}]
  return parseNextHop(nexthop, port).flatMap((place) =>
    destinationsOfPlace(view, program === 'lmtp' ? withoutMx(place) : place, program, host),
  )
}

function drawWaysIn(view: View, drawing: Drawing): void {
  const receivers = view.listeners.filter((each) => each.enabled && isReceiver(each.command))
  for (const each of receivers) {
    if (each.addresses.every(isLoopback)) continue
    drawing.node(network)
    drawing.edge({...plainEdge(network.id, idOf(view)), by: [describeListener(each)], into: each.service})
  }
  const users = submitters(view)
  if (users === '') return
  drawing.node(local)
  drawing.edge({...plainEdge(local.id, idOf(view)), by: [users], into: 'pickup/unix'})
}

function drawRoute(view: View, route: Route, host: FlowHost, drawing: Drawing): void {
  const {mail, hop, by, entries, table} = route
  const edge = {...plainEdge(idOf(view), ''), mail: [mail], by: [by], entries}
  if (table !== null) {
    drawing.add(
      {...edge, transport: null},
      {node: {kind: 'table', id: `table ${table}`, label: table}, program: null, into: null, trouble: null},
    )
    return
  }
  if (mail.class === 'before queue') {
    for (const each of destinationsBeforeQueue(view, hop.nexthop, host)) drawing.add(edge, each)
    return
  }
  for (const each of destinationsOf(view, hop, host)) drawing.add({...edge, transport: hop.transport}, each)
  drawFallbacks(view, route, host, drawing)
}

/** What a delivery agent does with mail that it cannot hand on. */
function drawFallbacks(view: View, {mail, hop, entries}: Route, host: FlowHost, drawing: Drawing): void {
  const service = findTransport(view, hop.transport)
  if (service === undefined) return
  const program = programOf(service)
  const edge = {...plainEdge(idOf(view), ''), entries}
  if (program === 'smtp' || program === 'lmtp') {
    const by = program === 'smtp' ? 'smtp_fallback_relay' : 'lmtp_fallback_relay'
    for (const place of parseNextHop(settingOf(service, by, view), 25)) {
      for (const each of destinationsOfPlace(view, place, program, host)) {
        drawing.add({...edge, mail: [{class: 'fallback', of: []}], by: [by], transport: hop.transport}, each)
      }
    }
  }
  if (program !== 'local') return
  for (const by of ['mailbox_transport', 'fallback_transport'] as const) {
    const next = splitHop(settingOf(service, by, view))
    if (next.transport === '') continue
    const gone: Mail = by === 'mailbox_transport' ? mail : {class: 'fallback', of: []}
    for (const each of destinationsOf(view, next, host)) {
      drawing.add({...edge, mail: [gone], by: [by], transport: next.transport}, each)
    }
  }
}

/** Milters and policy services are asked, and the mail stays. */
function drawServices(view: View, drawing: Drawing): void {
  for (const {by, address} of askedBy(view)) {
    const service = {kind: 'service' as const, id: `service ${address}`, label: address}
    drawing.add(
      {...plainEdge(idOf(view), ''), by: [by], asks: true},
      {node: service, program: null, into: null, trouble: null},
    )
  }
}

function askedBy(view: View): {by: string; address: string}[] {
  const receivers = view.services.filter((each) => programOf(each) === 'smtpd')
  const settings = (name: FlowParameter) => [
    view.parameters[name] ?? '',
    ...receivers.map((each) => optionOf(each, name) ?? ''),
  ]
  const milters = (['smtpd_milters', 'non_smtpd_milters'] as const).flatMap((by) =>
    settings(by).flatMap((list) => words(list).map((each) => ({by: by as string, address: firstWord(each)}))),
  )
  const policies = restrictions.flatMap((name) =>
    settings(name).flatMap((list) => {
      const all = words(list)
      return all.flatMap((each, at) =>
        all[at - 1] === 'check_policy_service' ? [{by: 'check_policy_service', address: firstWord(each)}] : [],
      )
    }),
  )
  return [...milters, ...policies].filter(({address}) => address !== '' && address !== 'none')
}

const restrictions = [
  'smtpd_client_restrictions',
  'smtpd_helo_restrictions',
  'smtpd_sender_restrictions',
  'smtpd_relay_restrictions',
  'smtpd_recipient_restrictions',
  'smtpd_data_restrictions',
  'smtpd_end_of_data_restrictions',
] as const

/**
 * A filter is a program on this host that gets mail and hands it back. Where to, only it knows; when one single listener
 * is there for somebody like it, and nobody else uses that, it is the one.
 */
function guessReinjection(host: FlowHost, drawing: Drawing): void {
  const fed = new Set(
    drawing
      .edges()
      .filter(({asks}) => !asks)
      .map(({to, into}) => `${to} ${into}`),
  )
  for (const {feeders, id} of filtersIn(host, drawing)) {
    const group = feeders[0]?.multi_instance_group ?? ''
    const mates = host.views.filter(
      (each) => feeders.includes(each) || (group !== '' && each.multi_instance_group === group),
    )
    const candidates = mates.flatMap((view) =>
      view.listeners
        .filter((listener) => isForFilters(view, listener, feeders, fed))
        .map((listener) => ({view, listener})),
    )
    const [found, ...more] = candidates
    if (found === undefined || more.length > 0) continue
    const mate = feeders.includes(found.view) ? 'of the same instance' : `of group ${group}`
    const assumed = `nothing else ${mate} is made for a filter and left to it`
    drawing.edge({...plainEdge(id, idOf(found.view)), into: found.listener.service, assumed})
  }
}

interface Filter {
  id: string
  feeders: View[]
}

/** Of programs that pipe(8) starts: they hand on nothing. */
const pipe = 'program '

/** Programs that listen on this host alone and are no instance of Postfix. */
function filtersIn(host: FlowHost, drawing: Drawing): Filter[] {
  const views = new Map(host.views.map((each) => [idOf(each), each]))
  const filters = new Map<string, Filter>()
  for (const {from, to, asks} of drawing.edges()) {
    if (asks || drawing.find(to)?.kind !== 'program' || to.startsWith(pipe)) continue
    const filter = filters.get(to) ?? {id: to, feeders: []}
    filters.set(to, filter)
    const feeder = views.get(from)
    if (feeder !== undefined && !filter.feeders.includes(feeder)) filter.feeders.push(feeder)
  }
  return [...filters.values()].filter(({feeders}) => {
    const [first, ...others] = feeders
    return others.every((each) => each.multi_instance_group === first?.multi_instance_group)
  })
}

function isForFilters(view: View, listener: Listener, feeders: readonly View[], fed: ReadonlySet<string>): boolean {
  const {service, addresses, command, enabled} = listener
  if (!enabled || command !== 'smtpd' || !addresses.every(isLoopback) || fed.has(`${idOf(view)} ${service}`))
    return false
  const own = view.services.find((each) => `${each.name}/${each.type}` === service)
  const trusts = own === undefined ? undefined : optionOf(own, 'smtpd_authorized_xforward_hosts')
  if (trusts === undefined ? view.trustsXforward : trusts !== '') return true
  // In one instance, a listener without the filter that the others have.
  return feeders.includes(view) && own !== undefined && optionOf(own, 'content_filter') === ''
}

function troubleAt(from: View, reached: Reached, text: string): Trouble | null {
  const {view, listener} = reached
  if (!view.multi_instance_enable) {
    return {
      kind: 'disabled',
      place: text,
      message: `${text} is ${label(view)}, which is disabled: mail that ${label(from)} sends there is deferred`,
    }
  }
  if (!isReady(reached)) {
    const message = `${text} is ${listener.service} of ${label(view)}, which master_service_disable switches off: mail that ${label(from)} sends there is deferred`
    return {kind: 'switched off', place: text, message}
  }
  return null
}

function toNode(view: View): Node {
  const {parameters, services: _services, listeners, trustsXforward: _trusts, ...instance} = view
  const id = idOf(view)
  return {kind: 'instance', id, label: label(view), instance, myhostname: parameters.myhostname ?? '', listeners}
}

export function idOf({config_directory}: Instance): string {
  return config_directory
}

function hostNode(place: Place, text: string): Node {
  return place.kind === 'socket' ? programNode(text) : {kind: 'host', id: `host ${text}`, label: text}
}

/** One that listens. */
function programNode(text: string): Node {
  return {kind: 'program', id: `place ${text}`, label: text}
}

function dead(id: string, text: string, trouble: Trouble | null): Destination {
  return {node: {kind: 'dead end', id, label: text}, program: null, into: null, trouble}
}

/** lmtp(8) asks for no MX, and smtpd(8) none for its filter. */
function withoutMx(place: Place): Place {
  return place.kind === 'host' ? {...place, byMx: false} : place
}

/** `{ inet:host:port, settings }` */
function firstWord(word: string): string {
  return words(word.replace(/^\{(.*)\}$/s, '$1'))[0] ?? ''
}

function plainEdge(from: string, to: string): Edge {
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

/** Parallel edges become one. */
class Drawing {
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

function mergeMail(mail: Mail[], more: Mail): void {
  const same = mail.find((each) => each.class === more.class)
  if (same === undefined) mail.push({...more, of: [...more.of]})
  else for (const each of more.of) if (!same.of.includes(each)) same.of.push(each)
}
