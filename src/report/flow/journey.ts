/** The way of one address, for people: each instance, what it decides and why, and where the address goes next. */

import type {Journey, Leg} from '../../flow/follow.ts'
import type {Decision} from '../../flow/resolve.ts'
import {withoutControls} from '../../model/base/controls.ts'
import type {Paper} from '../terminal/table.ts'
import {nameOfNode} from './flow-words.ts'

/** `isGuessed`: nobody has said where it comes in. */
export function toJourneyText(journey: Journey, isGuessed: boolean, paper: Paper): string {
  const notes = [
    ...(isGuessed
      ? [`It is taken to come in at ${withoutControls(journey.stop.label)}; --via names another one.`]
      : []),
    'Not looked at: whether access restrictions, header_checks, body_checks or milters refuse it; bcc; masquerading; what',
    'local(8) does by aliases(5) and .forward.',
  ]
  return [...toLines(journey, paper), '', ...notes.map((each) => paper.paint('dim', each))].join('\n')
}

function toLines({stop, legs}: Journey, paper: Paper): string[] {
  const {label, service, decisions, unknown} = stop
  const {paint} = paper
  return [
    `${paint('bold', withoutControls(label))}, by ${withoutControls(service)}`,
    ...decisions.map((each) => toDecision(each, paper)),
    ...doubts(unknown, paper),
    ...(legs.length === 0
      ? [`    ${paint('red', '! its aliases lead to nobody but each other: cleanup(8) does not take the mail')}`]
      : []),
    ...legs.flatMap((each) => toLeg(each, legs.length > 1, paper)),
  ]
}

function toLeg({way, to, assumed, next, loops}: Leg, isOneOfMany: boolean, paper: Paper): string[] {
  const {paint} = paper
  const by =
    way.hop.transport === ''
      ? ''
      : ` by ${withoutControls(way.hop.transport)}${to.program === null || to.program === way.hop.transport ? '' : ` (${to.program})`}`
  const head = isOneOfMany ? [`  ${withoutControls(way.address)}`] : []
  const place = to.into === null ? nameOfNode(to.node) : `${nameOfNode(to.node)}, ${withoutControls(to.into)}`
  const mark = to.node.kind === 'dead end' ? paint('yellow', ' dead end') : ''
  return [
    ...head,
    ...way.decisions.map((each) => toDecision(each, paper)),
    ...doubts(way.unknown, paper),
    `    -> ${paint('bold', place)}${by}${mark}`,
    ...(to.trouble === null ? [] : [`    ${paint('red', `! ${withoutControls(to.trouble.message)}`)}`]),
    ...(loops ? [`    ${paint('red', '! it has been there before: mail goes round')}`] : []),
    ...(assumed === null ? [] : [`    ${paint('yellow', `a guess: ${withoutControls(assumed)}`)}`]),
    ...(next === null ? [] : ['', ...toLines(next, paper)]),
  ]
}

function toDecision({by, says, so}: Decision, {paint}: Paper): string {
  return `    ${withoutControls(so)}  ${paint('dim', `[${by} = ${withoutControls(says)}]`)}`
}

function doubts(unknown: readonly string[], {paint}: Paper): string[] {
  return unknown.map(
    (each) => `    ${paint('yellow', `${withoutControls(each)} could not be asked: it may be otherwise`)}`,
  )
}
