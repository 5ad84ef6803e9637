/** How many messages an instance holds. Source: the directories of qmgr(8), cleanup(8) and postdrop(1). */
import {readdirSync} from 'node:fs'
import {ToolFailure} from '../model/errors.ts'
import {errorCode, explainError} from '../model/system-error.ts'

export const messageQueues = ['maildrop', 'hold', 'incoming', 'active', 'deferred', 'corrupt'] as const

export type MessageCounts = Record<(typeof messageQueues)[number], number>

/** Counts regular files, through hash directories; a queue that does not exist holds nothing. */
export function countMessages(queue_directory: string): MessageCounts {
  const counts = messageQueues.map((queue) => [queue, countFiles(`${queue_directory}/${queue}`)] as const)
  return Object.fromEntries(counts) as MessageCounts
}

function countFiles(directory: string): number {
  try {
    return readdirSync(directory, {recursive: true, withFileTypes: true}).filter((each) => each.isFile()).length
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0
    throw new ToolFailure(`list ${directory}`, null, explainError(error))
  }
}
