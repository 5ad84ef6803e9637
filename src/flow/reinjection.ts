/** Where a content filter hands mail back: the configuration does not say, so it is a guess with its reason. */
import {describeListener, type Listener} from '../model/master-cf/listeners.ts'
import {startedByPipe, troubleAt} from './destinations.ts'
import {type Drawing, type Node, nodeId, plainEdge} from './graph.ts'
import {isLoopback} from './next-hops.ts'
import {optionOf} from './services.ts'
import type {FlowHost, View} from './view.ts'

/**
 * A filter is a program on this host that gets mail and hands it back. Where to, only it knows; when one single listener
 * is made for filters, and nothing else uses that, it is the one.
 */
export function guessReinjection(host: FlowHost, drawing: Drawing): void {
  const fed = new Set(
    drawing
      .edges()
      .filter(({asks}) => !asks)
      .map(({to, into}) => `${to} ${into}`),
  )
  for (const {feeders, node} of filtersIn(host, drawing)) {
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
    const assumed = `it alone ${mate} is made for filters, and nothing else uses it`
    const trouble = troubleAt(node.label, found, describeListener(found.listener))
    drawing.edge({...plainEdge(node.id, nodeId(found.view)), into: found.listener.service, assumed, trouble})
  }
}

interface Filter {
  node: Node
  feeders: View[]
}

/** Programs that listen on this host alone and are not instances of Postfix. */
function filtersIn(host: FlowHost, drawing: Drawing): Filter[] {
  const views = new Map(host.views.map((each) => [nodeId(each), each]))
  const filters = new Map<string, Filter>()
  for (const {from, to, asks} of drawing.edges()) {
    const node = drawing.find(to)
    if (asks || node?.kind !== 'program' || to.startsWith(startedByPipe)) continue
    const filter = filters.get(to) ?? {node, feeders: []}
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
  if (!enabled || command !== 'smtpd' || !addresses.every(isLoopback) || fed.has(`${nodeId(view)} ${service}`))
    return false
  const own = view.services.find((each) => `${each.name}/${each.type}` === service)
  const trusts = own === undefined ? undefined : optionOf(own, 'smtpd_authorized_xforward_hosts')
  if (trusts === undefined ? view.trustsXforward : trusts !== '') return true
  // In one instance, a listener without the filter that the others have.
  return feeders.includes(view) && own !== undefined && optionOf(own, 'content_filter') === ''
}
