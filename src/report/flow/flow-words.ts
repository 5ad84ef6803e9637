/** What the places and ways of mail are called, in every picture of them. */

import type {Bundle, Spot} from '../../flow/alike.ts'
import type {Edge, Node} from '../../flow/graph.ts'
import type {Mail} from '../../flow/routes.ts'
import {withoutControls} from '../../model/base/controls.ts'
import {groupBy} from '../../model/base/group-by.ts'
import {describeListener} from '../../model/master-cf/listeners.ts'

/** Which mail goes a way, one for each class; empty for ways into the host. */
export function describeMail({mail, asks, by, into}: Edge): string[] {
  if (asks) return ['asks']
  if (mail.length > 0) return mail.map(describeOne)
  return into === 'pickup/unix' ? by : []
}

/** The same on one line with the transport. */
export function describeWay(bundle: Bundle): string {
  const {transport, program} = bundle
  const by = transport === null || transport === program ? (transport ?? '') : `${transport} (${program ?? 'unknown'})`
  const mail = [...describeMail(bundle), ...(isOneEach(bundle) ? ['one each'] : [])].join(', ')
  return [mail, by === '' ? '' : `by ${by}`].filter((each) => each !== '').join(' ')
}

/** Many have one each, and no two have the same. */
export function isOneEach({edges}: Bundle): boolean {
  const froms = new Set(edges.map(({from}) => from))
  const tos = new Set(edges.map(({to}) => to))
  return edges.length > 1 && froms.size === edges.length && tos.size === edges.length
}

/** Why it does not work; null for what does. */
export function describeTrouble({edges}: Bundle): string | null {
  return ofFirst(edges, ({trouble}) => trouble?.message ?? null)
}

/** Why it is a guess; null for what the configuration says. */
export function describeGuess({edges}: Bundle): string | null {
  return ofFirst(edges, ({assumed}) => assumed)
}

function ofFirst(edges: readonly Edge[], sayOf: (edge: Edge) => string | null): string | null {
  const all = new Set(edges.map(sayOf).filter((each) => each !== null))
  const [first = null] = all
  return all.size < 2 ? first : `${first} (and ${all.size - 1} more like it)`
}

/** Instances have lines of their own below. */
export function nameOfSpot(spot: Spot): string {
  return spot.nodes.length === 1 ? nameOfNode(spot.nodes[0]) : `${countSpot(spot)}, ${rangeOf(namesOfSpot(spot))}`
}

export function nameOfNode({kind, label}: Node): string {
  return withoutControls(kind === 'source' ? `from ${label}` : label)
}

/** 100 instances */
export function countSpot({nodes}: Spot): string {
  return `${nodes.length} ${pluralNouns[nodes[0].kind]}`
}

const pluralNouns: Record<Node['kind'], string> = {
  instance: 'instances',
  source: 'sources',
  host: 'hosts',
  program: 'programs',
  mailbox: 'mailboxes',
  service: 'services',
  table: 'tables',
  'dead end': 'dead ends',
}

export function namesOfSpot({nodes}: Spot): string[] {
  return sortNames(nodes.map(({label}) => label))
}

/** The first and the last of them, which are in order. */
export function rangeOf(names: readonly string[]): string {
  const [first = '', ...others] = names
  return withoutControls(others.length < 2 ? names.join(', ') : `${first} ... ${others.at(-1)}`)
}

/** What an instance, or several that look alike, listen on: alike listeners stand as one. */
export interface Door {
  place: string
  command: string
  enabled: boolean
  /** Whether this is where a way ends. */
  isEndOf(edge: Edge): boolean
}

export function doorsOf({nodes}: Spot): Door[] {
  const all = nodes.flatMap((node) =>
    node.kind === 'instance' ? node.listeners.map((listener) => ({id: node.id, listener})) : [],
  )
  const groups = groupBy(all, ({listener: {service, command, enabled}}) =>
    nodes.length === 1 ? service : JSON.stringify([command, enabled, isNumbered(service) ? null : service]),
  )
  return [...groups.values()].map((each) => {
    const places = sortNames([...new Set(each.map(({listener}) => describeListener(listener)))])
    const services = new Set(each.map(({id, listener}) => `${id} ${listener.service}`))
    return {
      place: nodes.length === 1 ? withoutControls(places.join(', ')) : rangeOf(places),
      command: each[0].listener.command,
      enabled: each.some(({listener}) => listener.enabled),
      isEndOf: ({to, into}) => services.has(`${to} ${into}`),
    }
  })
}

/** Not for smtp or submission, which say what they are for. */
function isNumbered(service: string): boolean {
  return /\d+\/\w+$/.test(service)
}

function sortNames(names: readonly string[]): string[] {
  return [...names].sort(new Intl.Collator('en', {numeric: true}).compare)
}

function describeOne({class: name, of}: Mail): string {
  const named =
    of.length <= mostNamed ? of.join(', ') : `${of.slice(0, mostNamed).join(', ')} and ${of.length - mostNamed} more`
  switch (name) {
    case 'local':
      return `local ${named}`
    case 'virtual':
      return `virtual ${named}`
    case 'relay':
      return `relayed for ${named}`
    case 'other':
      return 'everything else'
    case 'listed':
      return of.length === 0 ? 'what it has' : named
    case 'sender':
      return of.length === 0 ? 'senders that it has' : `from ${named}`
    case 'filtered':
      return of.length === 0 ? 'everything' : `everything by ${named}`
    case 'before queue':
      return `everything by ${named}, before it is queued`
    case 'fallback':
      return 'when that does not answer'
  }
}

const mostNamed = 3
