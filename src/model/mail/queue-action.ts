/**
 * What can be done with messages in a queue, in which queues they must be for it, and how somebody names them.
 * Source: postsuper(1), options -d, -h, -H and -r; postqueue(1), option -i.
 */

import {Refusal} from '../base/errors.ts'
import {operands, suggest} from '../base/suggestion.ts'
import {chooseOne} from '../instance/choice.ts'
import {type Instance, type InstanceList, label, operandOf, readable} from '../instance/instance.ts'
import {nearest} from '../instance/nearest.ts'
import {select} from '../instance/selection.ts'
import {qualifiedId} from './queued-message.ts'

export type QueueAction = 'hold' | 'release' | 'requeue' | 'delete' | 'flush' | 'show'

/** One message, where it was when somebody looked. */
export interface Located {
  instance: Instance
  queue_id: string
  queue: string
}

/** Queues by queue id. */
export type Holdings = ReadonlyMap<string, string>

/** From where each action takes messages. */
const sources: Record<QueueAction, readonly string[]> = {
  hold: ['incoming', 'active', 'deferred'],
  release: ['hold'],
  requeue: ['hold', 'incoming', 'active', 'deferred'],
  delete: ['maildrop', 'hold', 'incoming', 'active', 'deferred'],
  flush: ['deferred'],
  show: ['maildrop', 'hold', 'incoming', 'active', 'deferred'],
}

/** Where each action has brought them, or what is on its way there. */
const already: Record<QueueAction, readonly string[]> = {
  hold: ['hold'],
  release: ['maildrop', 'incoming', 'active', 'deferred'],
  requeue: ['maildrop'],
  delete: [],
  flush: ['incoming', 'active'],
  show: [],
}

export interface Sorted {
  located: Located[]
  /** Ids of those for which there is nothing to do, each with the reason. */
  needless: {id: string; why: string}[]
}

/**
 * Each message once. Refuses what names no message, or one that is not where the action takes it from; with `ifNeeded`
 * it skips those that are gone, or already where the action brings them.
 */
export function locate(
  words: readonly string[],
  action: QueueAction,
  list: InstanceList,
  read: (instance: Instance) => Holdings,
  {ifNeeded}: {ifNeeded: boolean},
): Sorted {
  const sorted: Sorted = {located: [], needless: []}
  const seen = new Set<string>()
  for (const word of words) {
    const {instance, queue_id} = parseQualifiedId(word, action, list, read)
    const id = qualifiedId({instance, queue_id})
    if (seen.has(id)) continue
    seen.add(id)
    const queue = read(instance).get(queue_id)
    if (queue === undefined) {
      if (!ifNeeded) throw noMessage(word, action, {instance, queue_id}, list, read)
      sorted.needless.push({id, why: 'it is in no queue'})
    } else if (sources[action].includes(queue)) sorted.located.push({instance, queue_id, queue})
    else if (ifNeeded && already[action].includes(queue))
      sorted.needless.push({id, why: `it is ${describeQueue(queue)} already`})
    else throw refuseQueue({instance, queue_id, queue}, action)
  }
  return sorted
}

/** What is before the last slash names the instance, as everywhere. */
function parseQualifiedId(
  word: string,
  action: QueueAction,
  list: InstanceList,
  read: (instance: Instance) => Holdings,
): {instance: Instance; queue_id: string} {
  const slash = word.lastIndexOf('/')
  const [name, queue_id] = [word.slice(0, Math.max(0, slash)), word.slice(slash + 1)]
  if (name === '' || queue_id === '') {
    const [meant] = action === 'flush' ? select(list, {by: 'name', name: queue_id || name}) : []
    const flushing = meant === undefined ? [] : [suggest`postmulti instances flush ${operandOf(meant)}`]
    throw new Refusal(`${word} does not say which instance has the message`, {
      explained: `${word} does not say which instance has the message\nIt takes INSTANCE/ID, as 'postmulti queue list' prints it`,
      suggestions: [...flushing, suggest`postmulti queue list`],
      kind: 'usage',
      misnamed: {name: word, nearest: holdersOf(queue_id, list, read)},
    })
  }
  return {instance: chooseHolder(word, list), queue_id}
}

/** The one instance that INSTANCE/ID names. Refuses with what else may have been meant. */
export function chooseHolder(word: string, list: InstanceList): Instance {
  const slash = word.lastIndexOf('/')
  const name = word.slice(0, slash)
  const [found, ...others] = select(list, {by: 'name', name})
  if (found !== undefined && others.length > 0) {
    const meant = [found, ...others].map(({config_directory}) => `${config_directory}${word.slice(slash)}`)
    throw new Refusal(`${meant.length} instances are called ${name}`, {
      kind: 'usage',
      misnamed: {name: word, nearest: meant},
    })
  }
  try {
    return found ?? chooseOne(list, name)
  } catch (error) {
    if (!(error instanceof Refusal) || error.misnamed === undefined) throw error
    const meant = error.misnamed.nearest.map((each) => `${each}${word.slice(slash)}`)
    const {message, explained, suggestions} = error
    throw new Refusal(message, {explained, suggestions, kind: 'not found', misnamed: {name: word, nearest: meant}})
  }
}

function noMessage(
  word: string,
  action: QueueAction,
  {instance, queue_id}: Omit<Located, 'queue'>,
  list: InstanceList,
  read: (instance: Instance) => Holdings,
): Refusal {
  const elsewhere = holdersOf(queue_id, list, read)
  const alike = nearest(queue_id, [...read(instance).keys()]).map((each) => qualifiedId({instance, queue_id: each}))
  const message = `No message ${queue_id} in ${label(instance)}`
  return new Refusal(message, {
    explained: `${message}\nIt may be delivered or deleted${action === 'show' ? '' : '; --if-needed skips messages that are gone'}`,
    suggestions: [suggest`postmulti queue list --instance ${operandOf(instance)}`],
    kind: 'not found',
    misnamed: {name: word, nearest: elsewhere.length > 0 ? elsewhere : alike},
  })
}

/** Qualified ids of all messages on this host that have this queue id. */
function holdersOf(queue_id: string, list: InstanceList, read: (instance: Instance) => Holdings): string[] {
  const holders = readable(list).filter((instance) => read(instance).has(queue_id))
  return holders.map((instance) => qualifiedId({instance, queue_id}))
}

function refuseQueue({instance, queue_id, queue}: Located, action: QueueAction): Refusal {
  const id = qualifiedId({instance, queue_id})
  if (queue === 'corrupt') {
    return new Refusal(`${id} is damaged, and Postfix's own programs leave it alone`, {
      suggestions: [['postcat', `${instance.queue_directory}/corrupt/${queue_id}`]],
    })
  }
  if (already[action].includes(queue)) {
    const message = `${id} is ${describeQueue(queue)} already`
    return new Refusal(message, {explained: `${message}\n--if-needed skips such messages`})
  }
  return new Refusal(`${id} is ${describeQueue(queue)}, where ${action} does not apply`, {
    suggestions: queue === 'hold' ? [suggest`postmulti queue release ${operands(id)}`] : [],
  })
}

function describeQueue(queue: string): string {
  return queue === 'hold' ? 'on hold' : queue === 'maildrop' ? 'in maildrop' : queue
}
