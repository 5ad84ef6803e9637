/** What of an instance changes by itself: whether it runs, and the mail that it holds. */
import {ToolFailure} from '../../model/base/errors.ts'
import type {Instance} from '../../model/instance/instance.ts'
import type {State} from '../../model/instance/state.ts'
import {countMessages, findOldest, type MessageCounts} from './queues.ts'
import {readRunning} from './read-running.ts'

/** Why instances could not be looked at, by config_directory; the reader may not have the right to. */
export type Unseen = Map<string, string>

/** By config_directory. */
export function readStates(instances: readonly Instance[], unseen?: Unseen): Map<string, State> {
  const all = unlessFailed(() => readRunning(instances))
  if (all !== undefined) return all
  return new Map(
    instances.map((each) => {
      const one = unlessFailed(() => readRunning([each]).get(each.config_directory), each, unseen)
      return [each.config_directory, one === undefined ? 'unknown' : one]
    }),
  )
}

/** Undefined where it cannot be looked at. */
export function readMessageCounts(instance: Instance, unseen?: Unseen): MessageCounts | undefined {
  return unlessFailed(() => countMessages(instance.queue_directory), instance, unseen)
}

/** Undefined where it cannot be looked at; null when there is no message. */
export function readOldest(instance: Instance, unseen?: Unseen): Date | null | undefined {
  return unlessFailed(() => findOldest(instance.queue_directory), instance, unseen)
}

/** Undefined where it cannot be looked at. */
export function unlessFailed<Result>(look: () => Result, instance?: Instance, unseen?: Unseen): Result | undefined {
  try {
    return look()
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
    if (instance !== undefined) unseen?.set(instance.config_directory, error.message)
    return undefined
  }
}
