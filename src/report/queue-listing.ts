/** Messages in the queues. */
import {type QueuedMessage, qualifiedId} from '../model/queued-message.ts'
import {type Paper, type Row, toTable} from './table.ts'
import {toDay} from './time.ts'

export interface QueuedMessageJson {
  id: string
  config_directory: string
  multi_instance_name: string | null
  queue: string
  queue_id: string
  arrival: string
  size: number
  sender: string
  recipients: {address: string; reason: string | null}[]
}

const columns = [
  {heading: 'ID'},
  {heading: 'QUEUE'},
  {heading: 'SINCE'},
  {heading: 'SIZE', align: 'right' as const},
  {heading: 'FROM'},
  {heading: 'TO'},
  {heading: 'REASON'},
]

export function toListingTable(messages: readonly QueuedMessage[], paper: Paper): string {
  const rows = messages.map((each): Row => {
    const {queue, arrival, size, sender, recipients} = each
    const reasons = new Set(recipients.map(({reason}) => reason).filter((reason) => reason !== ''))
    const texts = [
      qualifiedId(each),
      queue,
      toDay(arrival),
      String(size),
      sender,
      recipients.map(({address}) => address).join(', '),
      [...reasons].join('; '),
    ]
    return {cells: texts.map((text) => ({text}))}
  })
  return toTable(columns, rows, paper)
}

export function toQueuedMessageJson(message: QueuedMessage): QueuedMessageJson {
  const {instance, queue, queue_id, arrival, size, sender, recipients} = message
  return {
    id: qualifiedId(message),
    config_directory: instance.config_directory,
    multi_instance_name: instance.multi_instance_name || null,
    queue,
    queue_id,
    arrival: arrival.toISOString(),
    size,
    sender,
    recipients: recipients.map(({address, reason}) => ({address, reason: reason || null})),
  }
}
