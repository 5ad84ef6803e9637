/** To which node a next hop leads, and what keeps mail from being taken there. */
import {label} from '../model/instance/instance.ts'
import {type Destination, type Node, type Trouble, toNode} from './graph.ts'
import {describePlace, isItself, isReady, type NextHop, parseNextHop, type Reached, whoListens} from './next-hops.ts'
import type {Transport} from './resolve.ts'
import {findTransport, isTransportOff, programOf, settingOf} from './services.ts'
import type {FlowHost, Service, View} from './view.ts'

/** Where a transport of an instance takes mail with this next hop. Several, when several are named. */
export function destinationsOf(view: View, {transport, nexthop}: Transport, host: FlowHost): Destination[] {
  const service = findTransport(view, transport)
  if (service === undefined) {
    const why = isTransportOff(view, transport)
      ? `has transport '${transport}' switched off by master_service_disable`
      : `has no transport '${transport}' in master.cf`
    const message = `${label(view)} ${why}: its mail is deferred`
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
  return [destination({kind: 'program', id: `${startedByPipe}${argv}`, label: argv})]
}

/** As `destinationsOf`, for a smtpd_proxy_filter, which no transport of master.cf carries; it may be a port alone. */
export function destinationsBeforeQueue(view: View, filter: string, host: FlowHost): Destination[] {
  const places = parseNextHop(/^\d+$/.test(filter) ? `[127.0.0.1]:${filter}` : filter, 25)
  return places.flatMap((place) => destinationsOfPlace(view, withoutMx(place), 'smtpd', host))
}

function destinationsByNetwork(view: View, service: Service, nexthop: string, host: FlowHost): Destination[] {
  const program = programOf(service)
  const port = program === 'lmtp' ? settingOf(service, 'lmtp_tcp_port', view) : 25
  if (nexthop === '')
    return [{node: {kind: 'host', id: 'mx', label: "MX of the recipient's domain"}, program, into: null, trouble: null}]
  const places = parseNextHop(nexthop, port).map((place) => (program === 'lmtp' ? withoutMx(place) : place))
  const found = places.map((place) => destinationsOfPlace(view, place, program, host))
  // Mail waits where nobody of them takes it; and an own address ends the search. Source: smtp_connect_inet().
  const waits = found.every((all) => all.some(({trouble}) => trouble !== null))
  return found.flatMap((all, at) =>
    all.map((each) => ({
      ...each,
      ...(waits || each.trouble?.kind === 'itself' ? {} : {trouble: null}),
      ...(at === 0 ? {} : {isFallback: true as const}),
    })),
  )
}

export function destinationsOfPlace(view: View, place: NextHop, program: string | null, host: FlowHost): Destination[] {
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
    const message = `no listener on ${text}: mail that ${label(view)} sends there is deferred`
    return [{...there, trouble: {kind: 'nobody', place: text, message}}]
  }
  return reached.map((each) => ({
    node: toNode(each.view),
    program,
    into: each.listener.service,
    trouble: troubleAt(label(view), each, text),
  }))
}

/** What keeps mail of a sender, which is named for people, from being taken. */
export function troubleAt(sender: string, reached: Reached, text: string): Trouble | null {
  const {view, listener} = reached
  if (!view.multi_instance_enable) {
    return {
      kind: 'disabled',
      place: text,
      message: `${text} is ${label(view)}, which is disabled: mail that ${sender} sends there is deferred`,
    }
  }
  if (!isReady(reached)) {
    const message = `${text} is ${listener.service} of ${label(view)}, which master_service_disable switches off: mail that ${sender} sends there is deferred`
    return {kind: 'switched off', place: text, message}
  }
  return null
}

function hostNode(place: NextHop, text: string): Node {
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
function withoutMx(place: NextHop): NextHop {
  return place.kind === 'host' ? {...place, byMx: false} : place
}

/** How ids of programs begin that pipe(8) starts: they hand on nothing. */
export const startedByPipe = 'program '
