/** How many messages an instance holds. Source: the directories of qmgr(8), cleanup(8) and postdrop(1). */
import {type Dirent, readdirSync} from 'node:fs'
import {ToolFailure} from '../model/errors.ts'
import {errorCode, explainError} from '../model/system-error.ts'

export const messageQueues = ['maildrop', 'hold', 'incoming', 'active', 'deferred', 'corrupt'] as const

export type MessageCounts = Record<(typeof messageQueues)[number], number>

/** Counts regular files, through hash directories; a queue that does not exist holds nothing. */
export function countMessages(queue_directory: string): MessageCounts {
  const counts = messageQueues.map((queue) => [queue, countFiles(`${queue_directory}/${queue}`)] as const)
  return Object.fromEntries(counts) as MessageCounts
}

/** Not by a recursive readdir: Node's goes through links, out of the queue or round and round. */
function countFiles(directory: string): number {
  let entries: Dirent[]
  try {
    entries = readdirSync(directory, {withFileTypes: true})
  } catch (error) {
    // A queue or hash directory may go while we look.
    if (errorCode(error) === 'ENOENT') return 0
    throw new ToolFailure(`list ${directory}`, null, explainError(error))
  }
  return entries.reduce((sum, each) => {
    if (each.isDirectory()) return sum + countFiles(`${directory}/${each.name}`)
    return each.isFile() ? sum + 1 : sum
  }, 0)
}
