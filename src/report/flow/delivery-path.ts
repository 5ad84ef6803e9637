/** The way of one address, for people: each instance, what it decides and why, and where the address goes next. */

import type {DeliveryPath, Leg} from '../../flow/follow.ts'
import type {Decision} from '../../flow/resolve.ts'
import {withoutControls} from '../../model/base/controls.ts'
import type {Terminal} from '../terminal/table.ts'
import {nameOfNode} from './flow-words.ts'

/** `isGuessed`: the caller has not said where it comes in. */
export function describeDeliveryPath(path: DeliveryPath, isGuessed: boolean, terminal: Terminal): string {
  const notes = [
    ...(isGuessed
      ? [`Assumed: it comes in at ${withoutControls(path.stop.label)}; name another instance with --via.`]
      : []),
    'Not checked: whether access restrictions, header_checks, body_checks or milters refuse it; bcc; masquerading; what',
    'local(8) does by aliases(5) and .forward.',
  ]
  return [...linesOfPath(path, terminal), '', ...notes.map((each) => terminal.paint('dim', each))].join('\n')
}

function linesOfPath({stop, legs}: DeliveryPath, terminal: Terminal): string[] {
  const {label, service, decisions, unknown} = stop
  const {paint} = terminal
  return [
    `${paint('bold', withoutControls(label))}, by ${withoutControls(service)}`,
    ...decisions.map((each) => toDecision(each, terminal)),
    ...doubts(unknown, terminal),
    ...(legs.length === 0
      ? [`    ${paint('red', '! its aliases lead only to each other: cleanup(8) does not take the mail')}`]
      : []),
    ...legs.flatMap((each) => toLeg(each, legs.length > 1, terminal)),
  ]
}

function toLeg({way, to, assumed, next, loops}: Leg, isOneOfMany: boolean, terminal: Terminal): string[] {
  const {paint} = terminal
  const by =
    way.hop.transport === ''
      ? ''
      : ` by ${withoutControls(way.hop.transport)}${to.program === null || to.program === way.hop.transport ? '' : ` (${to.program})`}`
  const head = isOneOfMany ? [`  ${withoutControls(way.address)}`] : []
  const place = to.into === null ? nameOfNode(to.node) : `${nameOfNode(to.node)}, ${withoutControls(to.into)}`
  const mark = to.node.kind === 'dead end' ? paint('yellow', ' dead end') : ''
  return [
    ...head,
    ...way.decisions.map((each) => toDecision(each, terminal)),
    ...doubts(way.unknown, terminal),
    `    -> ${paint('bold', place)}${by}${mark}`,
    ...(to.trouble === null ? [] : [`    ${paint('red', `! ${withoutControls(to.trouble.message)}`)}`]),
    ...(loops ? [`    ${paint('red', '! it has been there before: a loop')}`] : []),
    ...(assumed === null ? [] : [`    ${paint('yellow', `a guess: ${withoutControls(assumed)}`)}`]),
    ...(next === null ? [] : ['', ...linesOfPath(next, terminal)]),
  ]
}

function toDecision({by, says, so}: Decision, {paint}: Terminal): string {
  return `    ${withoutControls(so)}  ${paint('dim', `[${by} = ${withoutControls(says)}]`)}`
}

function doubts(unknown: readonly string[], {paint}: Terminal): string[] {
  return unknown.map(
    (each) => `    ${paint('yellow', `${withoutControls(each)} could not be asked: the way may be another one`)}`,
  )
}
