/**
 * How much mail there is, looked at again and again. A directory that has not been changed since is not listed once
 * more: a look at a thousand idle instances takes a third of the time.
 */
import {lookThrough, readEntries} from '../../files/read.ts'
import {ToolFailure} from '../../model/base/errors.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'
import {totalOf} from '../../model/instance/state.ts'
import {findOldest, type MessageCounts, messageQueues} from '../state/queues.ts'

export interface QueuedMail {
  queued: MessageCounts
  /** Null when there is no message. */
  oldest: Date | null
}

/** Throws a ToolFailure where the reader has not the right to look. */
export type LookAtQueues = (queue_directory: string) => QueuedMail

interface WatchedDirectory {
  changed: number
  files: number
  below: string[]
  /** Something may have happened after the look that has the same time. */
  isUnsettled: boolean
}

interface Age {
  /** What the directories were like. */
  mark: string
  found: Date | null
  /** When it was looked for, and how long that took, in milliseconds. */
  at: number
  cost: number
}

/** The kernel's clock for files, in milliseconds, with room. */
const tick = 50
/** To find the oldest of many messages takes long: it is not done for more than one part of the time in so many. */
const oldestShare = 20

export function watchQueues(): LookAtQueues {
  const directories = new Map<string, WatchedDirectory>()
  const ages = new Map<string, Age>()

  return (queue_directory) => {
    let mark = ''
    const count = (path: string): number => {
      const found = statDirectory(path, directories)
      if (found === undefined) return 0
      mark += `${found.isUnsettled ? performance.now() : found.changed} `
      return found.below.reduce((sum, each) => sum + count(each), found.files)
    }
    const counts = messageQueues.map((queue) => [queue, count(`${queue_directory}/${queue}`)] as const)
    const queued = Object.fromEntries(counts) as MessageCounts
    if (totalOf(queued) === 0) return {queued, oldest: null}
    return {queued, oldest: ageOf(queue_directory, mark)}
  }

  function ageOf(queue_directory: string, mark: string): Date | null {
    const last = ages.get(queue_directory)
    const at = performance.now()
    if (last !== undefined && (last.mark === mark || at - last.at < oldestShare * last.cost)) return last.found
    const found = findOldest(queue_directory)
    ages.set(queue_directory, {mark, found, at, cost: performance.now() - at})
    return found
  }
}

/** Undefined when it is not there. */
function statDirectory(path: string, known: Map<string, WatchedDirectory>): WatchedDirectory | undefined {
  try {
    const stats = lookThrough(path)
    const last = known.get(path)
    if (stats === undefined) return undefined
    if (last !== undefined && last.changed === stats.mtimeMs && !last.isUnsettled) return last
    const isUnsettled = Date.now() - stats.mtimeMs < tick
    const entries = readEntries(path)
    const found: WatchedDirectory = {
      changed: stats.mtimeMs,
      files: entries.reduce((sum, each) => sum + Number(each.isFile()), 0),
      below: entries.filter((each) => each.isDirectory()).map(({name}) => `${path}/${name}`),
      isUnsettled,
    }
    known.set(path, found)
    return found
  } catch (error) {
    // It may go while we look.
    if (errorCode(error) === 'ENOENT') return undefined
    throw new ToolFailure(`list ${path}`, null, explainError(error))
  }
}
