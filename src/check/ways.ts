/** The ways on which enabled instances hand on mail, and where they are written. Guesses are not among them. */

import type {Edge} from '../flow/graph.ts'
import type {MailFlow} from '../flow/mail-flow.ts'
import {fromBytes} from '../model/base/text.ts'
import {logicalLines} from '../model/main-cf/lines.ts'
import {describeListener} from '../model/master-cf/listeners.ts'
import type {CheckedInstance, CheckHost, CheckInput} from '../model/survey/check-input.ts'
import {enabled, type FileLine, placeOfService, whereSet, words} from './rule.ts'

export interface CheckedWay {
  from: CheckedInstance
  edge: Edge
  /** The parameters or the table that say so, for people. */
  named: string
  at: FileLine | undefined
}

/** One relayhost may be the way of several transports: each parameter is told once for each place. */
export function waysOf(input: CheckInput, mailFlow: () => MailFlow, isWanted: (edge: Edge) => boolean): CheckedWay[] {
  const senders = new Map(enabled(input).map((each) => [each.config_directory, each]))
  const unique = new Map<string, CheckedWay>()
  for (const edge of mailFlow().flow.edges) {
    const from = senders.get(edge.from)
    if (from === undefined || !isWanted(edge)) continue
    const way = {from, edge, ...whereWritten(edge, from, input.host)}
    const key = JSON.stringify([edge.from, edge.to, edge.into, way.named])
    if (!unique.has(key)) unique.set(key, way)
  }
  return [...unique.values()]
}

/** The instance that an edge leads to, and what people call the listener that takes it there. It has both. */
export function arrivalOf({to, into}: Edge, {instances}: CheckInput): {instance: CheckedInstance; place: string} {
  const instance = instances.find((each) => each.config_directory === to)!
  return {instance, place: describeListener(instance.listeners.find(({service}) => service === into)!)}
}

function whereWritten(edge: Edge, from: CheckedInstance, host: CheckHost): Pick<CheckedWay, 'named' | 'at'> {
  const parameter = edge.by.find((each) => setsItself(each, from)) ?? edge.by[0]!
  const service = from.services.find((each) => each.settings.has(parameter) && isOnTheWay(each, edge))
  if (service !== undefined) {
    return {named: `${service.name}/${service.type}: ${parameter}`, at: placeOfService(from, service)}
  }
  const inTable = parameter === 'transport_maps' ? placeInTable(edge, from, host) : undefined
  return {named: edge.by.join(', '), at: inTable ?? whereSet(from, parameter)}
}

/** `relay_transport = $default_transport` is not what one has to change. */
function setsItself(parameter: string, {settings}: CheckedInstance): boolean {
  const value = settings.get(parameter)?.value
  return value !== undefined && !value.startsWith('$')
}

/** One by which the mail comes in, which postscreen(8) may hand it to, or which takes it away. */
function isOnTheWay({name, type}: {name: string; type: string}, {entries, transport}: Edge): boolean {
  return entries?.includes(`${name}/${type}`) || type === 'pass' || (name === transport && type === 'unix')
}

/** In the text that the table is made of. */
function placeInTable({mail}: Edge, from: CheckedInstance, host: CheckHost): FileLine | undefined {
  const keys = mail.flatMap(({class: name, of}) => (name === 'listed' ? of : []))
  for (const table of words(from.parameter('transport_maps'))) {
    const [, file = ''] = /^(?:proxy:)?\w+:(\/.+)$/.exec(table) ?? []
    const text = file === '' ? null : host.text(file)
    for (const {text: entry, line} of logicalLines(text ?? '')) {
      const [key = ''] = entry.split(/\s/)
      if (keys.includes(fromBytes(key).toLowerCase())) return {file, line}
    }
  }
  return undefined
}
