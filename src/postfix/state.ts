/** What of an instance changes by itself: whether it runs, and the mail that it holds. */
import {ToolFailure} from '../model/errors.ts'
import type {Instance} from '../model/instance.ts'
import type {State} from '../model/state.ts'
import {countMessages, findOldest, type MessageCounts} from './queues.ts'
import {readRunning} from './read-running.ts'

/** By config_directory. */
export function readStates(instances: readonly Instance[]): Map<string, State> {
  const all = attempt(() => readRunning(instances))
  if (all !== undefined) return all
  return new Map(
    instances.map((each) => {
      const one = attempt(() => readRunning([each]).get(each.config_directory)!)
      return [each.config_directory, one === undefined ? 'unknown' : one]
    }),
  )
}

/** Undefined where the reader has not the right to look. */
export function readMessageCounts({queue_directory}: Instance): MessageCounts | undefined {
  return attempt(() => countMessages(queue_directory))
}

/** Undefined where the reader has not the right to look; null when there is no message. */
export function readOldest({queue_directory}: Instance): Date | null | undefined {
  return attempt(() => findOldest(queue_directory))
}

function attempt<Result>(look: () => Result): Result | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof ToolFailure) return undefined
    throw error
  }
}
