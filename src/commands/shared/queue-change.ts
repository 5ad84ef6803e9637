/**
 * What the commands share that deal with single messages: which ones are meant, the question before several, and what
 * became of each. Nothing but the messages that are named is touched.
 */

import {Args, Flags} from '@oclif/core'
import {realUserId} from '../../files/caller.ts'
import {linesWithoutControls} from '../../model/base/controls.ts'
import {Refusal} from '../../model/base/errors.ts'
import {type Instance, label} from '../../model/instance/instance.ts'
import {type Holdings, type Located, locate, type QueueAction} from '../../model/mail/queue-action.ts'
import {qualifiedId} from '../../model/mail/queued-message.ts'
import {handleMessages} from '../../postfix/state/queue-tools.ts'
import {findMessages} from '../../postfix/state/queues.ts'
import {isAnybodyThere} from '../../report/terminal/question.ts'
import {exitStatus, missingYes, type PostmultiCommand} from './base.ts'
import {yesFlag} from './change.ts'
import {confirm} from './confirm.ts'
import {noteChange} from './interrupt.ts'

export const idArguments = {
  id: Args.string({
    description: "INSTANCE/ID, as 'postmulti queue list' prints it.",
    required: true,
    multiple: true,
    ignoreStdin: true,
  }),
}

export const queueChangeFlags = {
  ...yesFlag,
  'if-needed': Flags.boolean({description: 'Skip messages that are gone, or for which there is nothing to do.'}),
}

interface QueueChangeFlags {
  yes: boolean
  'if-needed': boolean
}

/** What --json prints. */
export interface QueueChange {
  messages: {id: string; done: boolean; why: string | null}[]
}

/** What is done, what is said of each message then, and what is asked before. */
export interface QueueAct {
  action: Exclude<QueueAction, 'show'>
  /** There is no way back: programs must say --yes for several. */
  needsYes?: boolean
  /** 'placed on hold' */
  done: string
  /** 'Place on hold' */
  question: string
}

export async function changeQueue(
  command: PostmultiCommand,
  words: readonly string[],
  flags: QueueChangeFlags,
  {action, needsYes = false, done, question}: QueueAct,
): Promise<QueueChange> {
  const {primary, located, needless} = findQueued(command, words, action, flags['if-needed'])
  if (needsYes && words.length > 1 && !flags.yes && !isAnybodyThere()) throw missingYes([])
  for (const each of needless) command.remark(`${each.id}: ${each.why}`)
  if (!flags.yes && located.length > 1 && isAnybodyThere()) await askAbout(question, located)
  const changed: QueueChange['messages'] = []
  for (const [instance, ids] of byInstance(located)) {
    const {done: handled, said} = handleMessages(action, instance, ids, primary)
    if (handled.size > 0) noteChange()
    for (const each of said) command.remark(`${label(instance)}: ${each}`)
    const now = handled.size < ids.length ? findMessages(instance.queue_directory) : new Map<string, string>()
    for (const queue_id of ids) {
      const id = qualifiedId({instance, queue_id})
      const why = handled.has(queue_id) ? null : now.has(queue_id) ? 'it was not done' : 'it is gone'
      changed.push({id, done: why === null, why})
      if (why === null) command.log(`${id}: ${done}`)
      else if (flags['if-needed'] && why === 'it is gone') command.remark(`${id}: it is in no queue`)
      else {
        command.remark(`${id}: ${why}`)
        command.status = exitStatus.partly
      }
    }
  }
  if (command.status !== 0 && !changed.some((each) => each.done)) command.status = exitStatus.failed
  if (located.length === 0) command.log('Nothing to do.')
  return {messages: [...changed, ...needless.map(({id, why}) => ({id, done: false, why}))]}
}

/** Refuses messages that are not there, unless they may be missing. */
export function findQueued(
  command: PostmultiCommand,
  words: readonly string[],
  action: QueueAction,
  ifNeeded: boolean,
) {
  if (realUserId() !== 0) throw new Refusal('Access to queued mail needs root')
  const {primary, list} = command.readHost()
  const holdings = new Map<Instance, Holdings>()
  const read = (instance: Instance): Holdings => {
    const found = holdings.get(instance) ?? findMessages(instance.queue_directory)
    holdings.set(instance, found)
    return found
  }
  return {primary, ...locate(words, action, list, read, {ifNeeded})}
}

/** More would scroll what matters off the screen. */
const mostListed = 10

async function askAbout(question: string, located: readonly Located[]): Promise<void> {
  const lines = located.slice(0, mostListed).map((each) => `  ${qualifiedId(each)} (${each.queue})\n`)
  const rest = located.length > mostListed ? `  and ${located.length - mostListed} more\n` : ''
  process.stderr.write(linesWithoutControls(`${located.length} messages:\n${lines.join('')}${rest}`))
  await confirm(`${question} all of them?`)
}

function byInstance(located: readonly Located[]): [Instance, string[]][] {
  const groups = Map.groupBy(located, ({instance}) => instance)
  return [...groups].map(([instance, messages]) => [instance, messages.map(({queue_id}) => queue_id)])
}
