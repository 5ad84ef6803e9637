/**
 * Draws the flow: where mail comes in, which instance hands it to which, and where it leaves. Source: facts of the
 * configuration alone; what a filter does with mail is a guess, which says why.
 */
import {describeListener} from '../model/master-cf/listeners.ts'
import {servicesAskedBy} from './asked.ts'
import {destinationsBeforeQueue, destinationsOf, destinationsOfPlace} from './destinations.ts'
import {Drawing, type Flow, local, network, nodeId, plainEdge, toNode} from './graph.ts'
import {isLoopback, parseNextHop} from './next-hops.ts'
import {guessReinjection} from './reinjection.ts'
import {splitHop} from './resolve.ts'
import {type Mail, type Route, routesOf} from './routes.ts'
import {findTransport, isReceiver, programOf, settingOf, submitters} from './services.ts'
import type {FlowHost, View} from './view.ts'

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

function drawWaysIn(view: View, drawing: Drawing): void {
  const receivers = view.listeners.filter((each) => each.enabled && isReceiver(each.command))
  for (const each of receivers) {
    if (each.addresses.every(isLoopback)) continue
    drawing.node(network)
    drawing.edge({...plainEdge(network.id, nodeId(view)), by: [describeListener(each)], into: each.service})
  }
  const users = submitters(view)
  if (users === '') return
  drawing.node(local)
  drawing.edge({...plainEdge(local.id, nodeId(view)), by: [users], into: 'pickup/unix'})
}

function drawRoute(view: View, route: Route, host: FlowHost, drawing: Drawing): void {
  const {mail, hop, by, entries, table} = route
  const edge = {...plainEdge(nodeId(view), ''), mail: [mail], by: [by], entries}
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
  for (const each of destinationsOf(view, hop, host)) {
    const carried = each.isFallback ? [fallback] : edge.mail
    drawing.add({...edge, mail: carried, transport: hop.transport}, each)
  }
  drawFallbacks(view, route, host, drawing)
}

const fallback: Mail = {class: 'fallback', of: []}

/** What a delivery agent does with mail that it cannot hand on. */
function drawFallbacks(view: View, {mail, hop, entries}: Route, host: FlowHost, drawing: Drawing): void {
  const service = findTransport(view, hop.transport)
  if (service === undefined) return
  const program = programOf(service)
  const edge = {...plainEdge(nodeId(view), ''), entries}
  if (program === 'smtp' || program === 'lmtp') {
    const by = program === 'smtp' ? 'smtp_fallback_relay' : 'lmtp_fallback_relay'
    for (const place of parseNextHop(settingOf(service, by, view), 25)) {
      for (const each of destinationsOfPlace(view, place, program, host)) {
        drawing.add({...edge, mail: [fallback], by: [by], transport: hop.transport}, each)
      }
    }
  }
  if (program !== 'local') return
  for (const by of ['mailbox_transport', 'fallback_transport'] as const) {
    const next = splitHop(settingOf(service, by, view))
    if (next.transport === '') continue
    const gone = by === 'mailbox_transport' ? mail : fallback
    for (const each of destinationsOf(view, next, host)) {
      drawing.add({...edge, mail: [gone], by: [by], transport: next.transport}, each)
    }
  }
}

/** Milters and policy services are asked, and the mail stays. */
function drawServices(view: View, drawing: Drawing): void {
  for (const {by, address} of servicesAskedBy(view)) {
    const service = {kind: 'service' as const, id: `service ${address}`, label: address}
    drawing.add(
      {...plainEdge(nodeId(view), ''), by: [by], asks: true},
      {node: service, program: null, into: null, trouble: null},
    )
  }
}
