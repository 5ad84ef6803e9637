/** How many messages an instance holds. Source: the directories of qmgr(8), cleanup(8) and postdrop(1). */
import {type FileBelow, filesBelow} from '../../files/read.ts'
import {ToolFailure} from '../../model/base/errors.ts'
import {explainError} from '../../model/base/system-error.ts'

export const messageQueues = ['maildrop', 'hold', 'incoming', 'active', 'deferred', 'corrupt'] as const

export type MessageCounts = Record<(typeof messageQueues)[number], number>

/** Counts regular files, through hash directories; a queue that does not exist holds nothing. */
export function countMessages(queue_directory: string): MessageCounts {
  const counts = messageQueues.map((queue) => [queue, countFiles(`${queue_directory}/${queue}`)] as const)
  return Object.fromEntries(counts) as MessageCounts
}

/**
 * When the message that has been here longest came; null when there is none. A deferred file has the time of its next
 * attempt, so the time at which the file was made counts: on its way from queue to queue it is only renamed.
 */
export function findOldest(queue_directory: string): Date | null {
  let oldest = Number.POSITIVE_INFINITY
  for (const queue of messageQueues) {
    for (const each of listFiles(`${queue_directory}/${queue}`)) {
      const stats = each.look()
      if (stats !== undefined)
        oldest = Math.min(oldest, stats.birthtimeMs || stats.mtimeMs, stats.mtimeMs, stats.ctimeMs)
    }
  }
  return oldest === Number.POSITIVE_INFINITY ? null : new Date(oldest)
}

/**
 * In which queue each message is, by its queue id. Deferred ones are looked for twice: one that leaves for active in
 * the meantime, or comes from there, is in one place or the other.
 */
export function findMessages(queue_directory: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const queue of ['corrupt', 'maildrop', 'hold', 'deferred', 'incoming', 'active', 'deferred'] as const) {
    for (const {name} of listFiles(`${queue_directory}/${queue}`)) if (isQueueId(name)) found.set(name, queue)
  }
  return found
}

/** ALL means every message to postsuper(1), and a name with a line feed two of them. */
function isQueueId(name: string): boolean {
  return /^\w+$/.test(name) && name !== 'ALL'
}

function countFiles(directory: string): number {
  let count = 0
  for (const _ of listFiles(directory)) count++
  return count
}

function* listFiles(directory: string): Iterable<FileBelow> {
  try {
    yield* filesBelow(directory)
  } catch (error) {
    throw new ToolFailure(`list ${directory}`, null, explainError(error))
  }
}
