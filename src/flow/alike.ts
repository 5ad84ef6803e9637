/**
 * A flow of hundreds of instances that a person can look at: what looks alike, and hands mail to what looks alike,
 * stands as one. What does not work, what is disabled, and what many share stay apart.
 */
import {groupBy} from '../model/base/group-by.ts'
import {type Edge, type Flow, mergeMail, type Node} from './graph.ts'
import {isLoopback} from './next-hops.ts'
import type {Remark} from './troubles.ts'

export interface Picture {
  /** In the order of the flow. */
  spots: Spot[]
  bundles: Bundle[]
}

/** One node, or several that look alike. */
export interface Spot {
  id: string
  nodes: readonly [Node, ...Node[]]
  /** What is wrong with it: the same for all of them. */
  marks: SpotMark[]
}

type SpotMark = Remark['kind']

/** One edge, or several that say the same; `from` and `to` are spots. */
export interface Bundle extends Edge {
  edges: readonly [Edge, ...Edge[]]
}

/** Each node for itself. */
export function drawEach({nodes, edges}: Flow, remarks: readonly Remark[] = []): Picture {
  const marksOf = findMarks(remarks)
  return {
    spots: nodes.map((each) => ({id: each.id, nodes: [each], marks: marksOf(each)})),
    bundles: edges.map((each) => ({...each, edges: [each]})),
  }
}

/** As `drawEach` where there are few. */
export function drawAlike(flow: Flow, remarks: readonly Remark[] = []): Picture {
  if (flow.nodes.length <= glance) return drawEach(flow, remarks)
  const marksOf = findMarks(remarks)
  return merge(flow, looksOf(flow, marksOf), marksOf)
}

function findMarks(remarks: readonly Remark[]): (node: Node) => SpotMark[] {
  const marks = new Map<string, Set<SpotMark>>()
  for (const {kind, nodes} of remarks)
    for (const each of nodes) marks.set(each, (marks.get(each) ?? new Set()).add(kind))
  return ({id}) => [...(marks.get(id) ?? [])]
}

/** So many can be seen at a glance. */
const glance = 30

/** What stands as one is at least so many. */
const fewestAlike = 4

/** Distinctions that would make more than this of a flow are skipped. */
const most = 60

/** A node with so many neighbours stays apart: people look for it by name. */
const popular = 12

/** The nodes' looks, by id: those that have the same one stand as one. */
function looksOf({nodes, edges}: Flow, marksOf: (node: Node) => SpotMark[]): ReadonlyMap<string, string> {
  const leaving = Map.groupBy(edges, ({from}) => from)
  const arriving = Map.groupBy(edges, ({to}) => to)
  let looks = new Map(nodes.map((each) => [each.id, ownLook(each, leaving.get(each.id) ?? [], marksOf(each))]))
  const distinguish = (more: (node: Node) => string): boolean => {
    const next = shortLooks(nodes.map((each) => [each.id, `${looks.get(each.id)} ${more(each)}`]))
    const before = countLooks(looks)
    if (countLooks(next) === before || countSpots(next) > most) return false
    looks = next
    return true
  }
  const neighbours = (id: string): number =>
    new Set([...(leaving.get(id) ?? []).map(({to}) => to), ...(arriving.get(id) ?? []).map(({from}) => from)]).size
  distinguish(({id}) => (neighbours(id) >= popular ? id : ''))
  distinguish((each) => (each.kind === 'instance' ? each.instance.multi_instance_group : ''))
  const onWays = ({id}: Node): string => {
    const out = (leaving.get(id) ?? []).map((each) => `> ${lookOf(each)} ${looks.get(each.to)}`)
    const into = (arriving.get(id) ?? []).map((each) => `< ${lookOf(each)} ${looks.get(each.from)}`)
    return [...new Set([...out, ...into])].sort().join('\n')
  }
  // Each round takes one more step along the ways into account.
  while (distinguish(onWays));
  return looks
}

function ownLook(node: Node, leaving: readonly Edge[], marks: readonly SpotMark[]): string {
  if (node.kind !== 'instance') return node.kind === 'source' ? node.id : node.kind
  const listeners = node.listeners.map(({command, enabled, addresses, port}) => {
    const known = port !== null && port < 1024 ? port : ''
    return `${command} ${enabled} ${addresses.every(isLoopback)} ${known}`
  })
  const troubles = leaving.map(({trouble}) => trouble?.kind ?? '')
  return JSON.stringify([node.instance.multi_instance_enable, unique(listeners), unique(troubles), unique(marks)])
}

/** Without names of places and domains, which each instance has for itself. */
function lookOf({mail, by, transport, program, asks, assumed, trouble}: Edge): string {
  const classes = mail.map((each) => each.class)
  const parameters = mail.length === 0 ? [] : by
  return JSON.stringify([
    unique(classes),
    unique(parameters),
    transport,
    program,
    asks,
    assumed === null,
    trouble?.kind,
  ])
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)].sort()
}

/** Short names for long ones. */
function shortLooks(looks: readonly [id: string, look: string][]): Map<string, string> {
  const numbers = new Map<string, string>()
  return new Map(
    looks.map(([id, look]) => {
      const number = numbers.get(look) ?? String(numbers.size)
      numbers.set(look, number)
      return [id, number]
    }),
  )
}

function countLooks(looks: ReadonlyMap<string, string>): number {
  return new Set(looks.values()).size
}

function countSpots(looks: ReadonlyMap<string, string>): number {
  const groups = Map.groupBy(looks.values(), (each) => each)
  return [...groups.values()].reduce((sum, {length}) => sum + (length < fewestAlike ? length : 1), 0)
}

function merge({nodes, edges}: Flow, looks: ReadonlyMap<string, string>, marksOf: (node: Node) => SpotMark[]): Picture {
  const groups = groupBy(nodes.entries(), ([, {id}]) => looks.get(id))
  const placed = [...groups.values()].flatMap(([first, ...others]): [at: number, spot: Spot][] => {
    const all = [first, ...others]
    if (all.length < fewestAlike) return all.map(([at, each]) => [at, toSpot([each], marksOf)])
    return [[first[0], toSpot([first[1], ...others.map(([, each]) => each)], marksOf)]]
  })
  const spots = placed.sort(([one], [other]) => one - other).map(([, spot]) => spot)
  const spotOf = new Map(spots.flatMap((spot) => spot.nodes.map(({id}) => [id, spot])))
  const bundled = groupBy(edges, (each) => {
    const ends = [spotOf.get(each.from), spotOf.get(each.to)]
    // Between two single ones all is as it was.
    const own = ends.every((spot) => spot?.nodes.length === 1) ? [each.into, each.entries] : null
    return JSON.stringify([...ends.map((spot) => spot?.id), own, lookOf(each)])
  })
  // Both ends of each edge are among the nodes.
  const idOf = (id: string): string => spotOf.get(id)?.id ?? id
  return {spots, bundles: [...bundled.values()].map((all) => toBundle(all, idOf(all[0].from), idOf(all[0].to)))}
}

function toSpot(nodes: [Node, ...Node[]], marksOf: (node: Node) => SpotMark[]): Spot {
  return {id: nodes[0].id, nodes, marks: marksOf(nodes[0])}
}

function toBundle(edges: [Edge, ...Edge[]], from: string, to: string): Bundle {
  const [first, ...others] = edges
  const mail = first.mail.map((each) => ({...each, of: [...each.of]}))
  for (const each of others) for (const one of each.mail) mergeMail(mail, one)
  const by = new Set(edges.flatMap((each) => each.by))
  return {...first, from, to, mail, by: [...by], edges}
}
