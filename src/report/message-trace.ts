/** The way of a message, hop by hop. */

import {withoutControls} from '../model/base/controls.ts'
import type {LogLine} from '../model/mail/mail-log.ts'
import type {Delivery, Hop, MessageTrace} from '../model/mail/message-trace.ts'
import type {Style, Terminal} from './terminal/table.ts'

export interface MessageTraceJson {
  message_id: string | null
  fate: MessageTrace['fate']
  began: string
  took: number
  hops: HopJson[]
  perhaps: string[]
}

type HopJson = Omit<Hop, 'began' | 'ended' | 'deliveries'> & {
  id: string
  began: string
  ended: string | null
  deliveries: (Omit<Delivery, 'time'> & {time: string})[]
}

export interface RefusedJson {
  instance: string
  time: string
  text: string
}

const colours: Record<MessageTrace['fate'], Style> = {
  delivered: 'green',
  bounced: 'red',
  refused: 'red',
  discarded: 'yellow',
  deleted: 'yellow',
  waiting: 'yellow',
}

/** The rest is for --json. */
const mostTwins = 5

export function describeMessageTrace({message_id, fate, took, hops, perhaps}: MessageTrace, {paint}: Terminal): string {
  const how = fate === 'waiting' ? 'is waiting' : `${fate} after ${inSeconds(took)}`
  const title = `${paint('bold', withoutControls(message_id ?? 'a message without Message-ID'))}: ${paint(colours[fate], how)}`
  const twins = perhaps.slice(0, mostTwins).join(', ') + (perhaps.length > mostTwins ? ' ...' : '')
  const last = twins === '' ? [] : [withoutControls(`  perhaps the same message, by its Message-ID alone: ${twins}`)]
  return [title, ...hops.flatMap(describeHop), ...last].join('\n')
}

export function describeRefused({instance, time, text}: RefusedJson): string {
  return withoutControls(`${toSecond(new Date(time))}  ${instance}  ${text}`)
}

export function toMessageTraceJson({began, hops, ...trace}: MessageTrace): MessageTraceJson {
  return {...trace, began: began.toISOString(), hops: hops.map(toHopJson)}
}

export function toRefusedJson({instance, time, text}: LogLine): RefusedJson {
  return {instance, time: time.toISOString(), text}
}

function describeHop(hop: Hop): string[] {
  const {began, ended, source, about, sender, size, deliveries, remarks} = hop
  const facts = [
    ...(about === null ? [] : [`about ${about}`]),
    ...(source === null ? [] : [`from ${source}`]),
    ...(sender === null ? [] : [`sender <${sender}>`]),
    ...(size === null ? [] : [`${size} bytes`]),
    ...(ended === null ? ['not removed yet'] : []),
  ]
  return [
    `  ${toSecond(began)}  ${hopId(hop)}  ${facts.join(', ')}`.trimEnd(),
    ...remarks.map((each) => `      ${each}`),
    ...deliveries.map((each) => `    ${describeDelivery(each)}`),
  ].map(withoutControls)
}

function describeDelivery({to, relay, program, delay, delays, status, reply}: Delivery): string {
  const [before = 0, queue = 0, connection = 0, transmission = 0] = delays
  const parts = [
    ['before queue', before],
    ['in queue', queue],
    ['connecting', connection],
    ['sending', transmission],
  ] as const
  const told = parts.filter(([, each]) => each > 0).map(([what, each]) => `${what} ${each}`)
  const detail = told.length === 0 ? '' : ` (${told.join(', ')})`
  // discard(8) calls it sent.
  const what = program === 'discard' && status === 'sent' ? 'discarded' : `${status}, ${relay}`
  return `${inSeconds(delay)}${detail}: <${to}> ${what}: ${reply}`
}

function toHopJson({began, ended, deliveries, ...hop}: Hop): HopJson {
  return {
    id: hopId(hop),
    ...hop,
    began: began.toISOString(),
    ended: ended?.toISOString() ?? null,
    deliveries: deliveries.map((each) => ({...each, time: each.time.toISOString()})),
  }
}

function hopId({instance, queue_id}: Pick<Hop, 'instance' | 'queue_id'>): string {
  return `${instance}/${queue_id}`
}

function inSeconds(time: number): string {
  return `${time} s`
}

function toSecond(time: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-')
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`
}
