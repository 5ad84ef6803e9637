/**
 * What is in the queues, in the words of postqueue(1): it asks the running instance, and looks itself where none runs
 * and root asks. Only instances that hold mail are asked, several at once, and what is not wanted is dropped line by line.
 * Source: postqueue(1), "JSON object format".
 */
import {availableParallelism} from 'node:os'
import {type Instance, label} from '../../model/instance/instance.ts'
import {totalOf} from '../../model/instance/state.ts'
import {type MessageFilter, matchesMessage, type QueuedMessage} from '../../model/mail/queued-message.ts'
import {callerEnvironment} from '../programs/child-environment.ts'
import {passBytes} from '../programs/pass-bytes.ts'
import {runLines} from '../programs/run-lines.ts'
import type {Primary} from '../reader/primary.ts'
import {readMessageCounts} from './state.ts'

export interface Listing {
  /** By instance in the given order, the oldest first. */
  messages: QueuedMessage[]
  failures: {instance: Instance; reason: string}[]
  /** How many instances were asked. */
  asked: number
}

export async function readListing(
  instances: readonly Instance[],
  wanted: MessageFilter,
  primary: Primary,
): Promise<Listing> {
  const filled = instances.filter((each) => {
    const counts = readMessageCounts(each)
    return counts === undefined || totalOf(counts) > counts.corrupt
  })
  const found: {instance: Instance; listed: QueuedMessage[] | string}[] = []
  const ahead = filled.entries()
  const work = async (): Promise<void> => {
    for (const [at, instance] of ahead) found[at] = {instance, listed: await listOne(instance, wanted, primary)}
  }
  await Promise.all(Array.from({length: Math.min(availableParallelism(), filled.length)}, work))
  return {
    messages: found.flatMap(({listed}) => (typeof listed === 'string' ? [] : listed)),
    failures: found.flatMap(({instance, listed}) => (typeof listed === 'string' ? {instance, reason: listed} : [])),
    asked: filled.length,
  }
}

/** What it said, when it failed. */
async function listOne(instance: Instance, wanted: MessageFilter, primary: Primary): Promise<QueuedMessage[] | string> {
  const words = [`${primary.parameter('command_directory')}/postqueue`, '-c', instance.config_directory, '-j']
  const messages: QueuedMessage[] = []
  const lines: string[] = []
  const command = passBytes({words, environment: callerEnvironment(primary)})
  const {status, stderr} = await runLines(command, {readsStdin: false}, (stream, line) => {
    if (stream === 'stderr') return void lines.push(line.toString().trimEnd())
    const message = parsePostqueueLine(line.toString(), instance)
    if (matchesMessage(message, wanted)) messages.push(message)
  })
  if (status === 0) return messages.sort((one, other) => one.arrival.getTime() - other.arrival.getTime())
  return lines.at(-1) ?? (stderr.toString().trimEnd() || `postqueue for ${label(instance)} failed: ${status}`)
}

interface PostqueueLine {
  queue_name: string
  queue_id: string
  /** In seconds. */
  arrival_time: number
  message_size: number
  sender: string
  recipients: {address: string; delay_reason?: string}[]
}

function parsePostqueueLine(line: string, instance: Instance): QueuedMessage {
  const {queue_name, queue_id, arrival_time, message_size, sender, recipients} = JSON.parse(line) as PostqueueLine
  return {
    instance,
    queue: queue_name,
    queue_id,
    arrival: new Date(arrival_time * 1000),
    size: message_size,
    sender,
    recipients: recipients.map(({address, delay_reason = ''}) => ({address, reason: delay_reason})),
  }
}
