/** Messages in the queues. */
import {type QueuedMessage, qualifiedId} from '../model/mail/queued-message.ts'
import {type NamedJson, toNamedJson} from './terminal/listed.ts'
import {type Column, type Row, type Terminal, toTable} from './terminal/table.ts'
import {dayCell} from './terminal/time.ts'

export interface QueuedMessageJson extends NamedJson {
  id: string
  queue: string
  queue_id: string
  arrival: string
  size: number
  sender: string
  recipients: {address: string; reason: string | null}[]
}

const messageColumns: Column[] = [
  {heading: 'ID'},
  {heading: 'QUEUE', spare: 2},
  {heading: 'SINCE', spare: 3},
  {heading: 'SIZE', align: 'right', spare: 1},
  {heading: 'FROM', prose: true},
  {heading: 'TO', prose: true},
  {heading: 'REASON', prose: true},
]

export function toListingTable(messages: readonly QueuedMessage[], terminal: Terminal): string {
  const rows = messages.map((each): Row => {
    const {queue, arrival, size, sender, recipients} = each
    const reasons = new Set(recipients.map(({reason}) => reason).filter((reason) => reason !== ''))
    const cells = [
      {text: qualifiedId(each)},
      {text: queue},
      dayCell(arrival),
      {text: String(size)},
      {text: sender},
      {text: recipients.map(({address}) => address).join(', ')},
      {text: [...reasons].join('; ')},
    ]
    return {cells}
  })
  return toTable(messageColumns, rows, terminal)
}

export function toQueuedMessageJson(message: QueuedMessage): QueuedMessageJson {
  const {instance, queue, queue_id, arrival, size, sender, recipients} = message
  return {
    id: qualifiedId(message),
    ...toNamedJson(instance),
    queue,
    queue_id,
    arrival: arrival.toISOString(),
    size,
    sender,
    recipients: recipients.map(({address, reason}) => ({address, reason: reason || null})),
  }
}
