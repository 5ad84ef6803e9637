/** A part of the flow, and where one address begins its way. */
import {type Edge, type Flow, network, nodeId} from './graph.ts'
import {mailEntriesOf} from './services.ts'
import type {View} from './view.ts'

/** The ways of these instances, and of the programs that hand mail on to them. */
export function onlyAbout({nodes, edges}: Flow, ids: ReadonlySet<string>): Flow {
  const isOwn = ({from, to}: Edge): boolean => ids.has(from) || ids.has(to)
  const theirs = new Set([...ids, ...edges.filter(isOwn).flatMap(({from, to}) => [from, to])])
  const isTheirs = (each: Edge): boolean => isOwn(each) || (each.assumed !== null && theirs.has(each.from))
  const kept = edges.filter(isTheirs)
  const named = new Set([...theirs, ...kept.map(({to}) => to)])
  return {nodes: nodes.filter(({id}) => named.has(id)), edges: kept}
}

/** Instances that get mail from the network. */
export function openToNetwork({edges}: Flow, views: readonly View[]): View[] {
  const ids = new Set(edges.filter(({from}) => from === network.id).map(({to}) => to))
  return views.filter((each) => each.multi_instance_enable && ids.has(nodeId(each)))
}

/** The service by which mail usually comes in: from the network, or else from this host. Undefined when there is none. */
export function usualEntry(view: View, {edges}: Flow): string | undefined {
  const open = edges.find(({from, to}) => from === network.id && to === nodeId(view))?.into
  return open ?? mailEntriesOf(view)[0]?.service
}
