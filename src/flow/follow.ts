/** One recipient on its way through the instances, with every decision on it. */
import {label} from '../model/instance/instance.ts'
import {destinationsBeforeQueue, destinationsOf} from './destinations.ts'
import {type Destination, type Edge, type Flow, nodeId} from './graph.ts'
import {type AddressClass, type Decision, resolve, splitHop, type Transport} from './resolve.ts'
import {rewriteAddress, rewriteSender} from './rewrite.ts'
import {findTransport, mailEntriesOf, programOf, settingOf} from './services.ts'
import type {FlowHost, View} from './view.ts'

/** What an instance does with it. */
export interface Stop {
  instance: string
  label: string
  /** By which service it came in. */
  service: string
  /** What decides for all its recipients. */
  decisions: Decision[]
  ways: RecipientWay[]
  /** Tables that could not be asked: the result may be another one. */
  unknown: string[]
}

/** One of its recipients, and where it goes. */
export interface RecipientWay {
  address: string
  /** As it was rewritten; empty for a bounce. */
  sender: string
  /** Null for what a filter gets. */
  class: AddressClass | null
  decisions: Decision[]
  hop: Transport
  to: Destination[]
  unknown: string[]
}

/** A stop, and what comes after it. */
export interface DeliveryPath {
  stop: Stop
  legs: Leg[]
}

export interface Leg {
  way: RecipientWay
  to: Destination
  /** A program hands it on, as far as can be guessed. */
  assumed: string | null
  /** Null where it leaves the instances of this host. */
  next: DeliveryPath | null
  /** It has been there before. */
  loops: boolean
}

/** Of several next hops the first is taken: the others are for the case that it does not answer. */
export function follow(
  view: View,
  service: string,
  recipient: string,
  sender: string,
  host: FlowHost,
  flow: Flow,
): DeliveryPath {
  const views = new Map(host.views.map((each) => [nodeId(each), each]))
  const handedOn = new Map(flow.edges.filter(({assumed}) => assumed !== null).map((each) => [each.from, each]))
  return go(view, service, recipient, sender, new Set())

  function go(at: View, by: string, address: string, from: string, passed: ReadonlySet<string>): DeliveryPath {
    const stop = stopAt(at, by, address, from, host)
    const here = new Set([...passed, `${nodeId(at)} ${by} ${address.toLowerCase()}`])
    return {stop, legs: stop.ways.map((way) => toLeg(way, here))}
  }

  function toLeg(way: RecipientWay, passed: ReadonlySet<string>): Leg {
    const first = way.to[0]!
    const onward: Edge | undefined = handedOn.get(first.node.id)
    const to = {...first, trouble: first.trouble ?? (first.into === null ? (onward?.trouble ?? null) : null)}
    const [id, into] = to.into !== null ? [to.node.id, to.into] : [onward?.to ?? '', onward?.into ?? '']
    const next = views.get(id)
    const loops = passed.has(`${id} ${into} ${way.address.toLowerCase()}`)
    const ends = next === undefined || loops || to.trouble !== null
    const assumed = to.into === null ? (onward?.assumed ?? null) : null
    return {way, to, assumed, next: ends ? null : go(next, into, way.address, way.sender, passed), loops}
  }
}

/** One instance alone. */
export function stopAt(view: View, service: string, recipient: string, sender: string, host: FlowHost): Stop {
  const entry = mailEntriesOf(view).find((each) => each.service === service)
  const stop: Stop = {instance: nodeId(view), label: label(view), service, decisions: [], ways: [], unknown: []}
  const toFilter = (address: string, from: string, hop: Transport, to: Destination[]): RecipientWay => {
    return {address, sender: from, class: null, decisions: [], hop, to, unknown: []}
  }
  if (entry !== undefined && entry.smtpd_proxy_filter !== '') {
    const says = entry.smtpd_proxy_filter
    stop.decisions.push({by: 'smtpd_proxy_filter', says, so: `${service} hands it on before it is queued`})
    const to = destinationsBeforeQueue(view, says, host)
    return {...stop, ways: [toFilter(recipient, sender, {transport: '', nexthop: says}, to)]}
  }
  const keeps = entry?.keepsAddresses ?? false
  const to = rewriteAddress(view, recipient, keeps, host)
  const from = rewriteSender(view, sender, keeps, host)
  stop.decisions.push(...to.decisions, ...from.decisions)
  stop.unknown.push(...new Set([...to.unknown, ...from.unknown]))
  const {addresses} = to
  const [rewritten = ''] = from.addresses
  if (entry !== undefined && entry.content_filter !== '') {
    const hop = splitHop(entry.content_filter)
    stop.decisions.push({by: 'content_filter', says: entry.content_filter, so: 'the filter gets all mail'})
    return {...stop, ways: addresses.map((each) => toFilter(each, rewritten, hop, destinationsOf(view, hop, host)))}
  }
  return {...stop, ways: addresses.map((each) => wayOf(view, each, rewritten, host))}
}

function wayOf(view: View, recipient: string, sender: string, host: FlowHost): RecipientWay {
  const {transport, nexthop, toDomain, ...resolved} = resolve(view, recipient, sender, host)
  const {address, decisions, unknown} = resolved
  const way = {address, sender, class: resolved.class, decisions, unknown}
  const hop = {transport, nexthop}
  const service = findTransport(view, transport)
  const isLocal = service !== undefined && programOf(service) === 'local'
  const says = isLocal ? settingOf(service, 'mailbox_transport', view) : ''
  const mailbox = splitHop(says)
  if (mailbox.transport !== '') {
    decisions.push({
      by: 'mailbox_transport',
      says,
      so: `local(8) hands it to ${mailbox.transport}, unless an alias says otherwise`,
    })
    return {...way, hop: mailbox, to: destinationsOf(view, mailbox, host)}
  }
  return {...way, hop, to: destinationsOf(view, toDomain ? {transport, nexthop: ''} : hop, host)}
}
