/** A message in the queue of an instance, and which ones somebody asks for. */

import {matchesWildcard} from '../base/wildcard.ts'
import {type Instance, label} from '../instance/instance.ts'

export interface QueuedMessage {
  instance: Instance
  queue: string
  /** Two instances may have messages with the same one. */
  queue_id: string
  arrival: Date
  /** In bytes. */
  size: number
  /** MAILER-DAEMON for a bounce. */
  sender: string
  recipients: Recipient[]
}

interface Recipient {
  address: string
  /** Why it is still here; empty where it has not been tried yet. */
  reason: string
}

export interface MessageFilter {
  /** Whole addresses, in which * stands for any characters. */
  from?: string | undefined
  to?: string | undefined
  /** A part of it. */
  reason?: string | undefined
  /** Came before this. */
  before?: Date | undefined
  queue?: string | undefined
}

/** What people call it everywhere on the host. */
export function qualifiedId({instance, queue_id}: {instance: Instance; queue_id: string}): string {
  return `${label(instance)}/${queue_id}`
}

/** Upper and lower case are the same, everywhere. */
export function matchesMessage(
  {queue, arrival, sender, recipients}: Omit<QueuedMessage, 'instance'>,
  {from, to, reason, before, queue: wantedQueue}: MessageFilter,
): boolean {
  return (
    (wantedQueue === undefined || queue === wantedQueue) &&
    (before === undefined || arrival < before) &&
    (from === undefined || matchesWildcard(sender, from)) &&
    (to === undefined || recipients.some(({address}) => matchesWildcard(address, to))) &&
    (reason === undefined || recipients.some((each) => each.reason.toLowerCase().includes(reason.toLowerCase())))
  )
}
