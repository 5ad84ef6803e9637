/** `postmulti queue delete|hold|... ID...`: what is done with single messages. A row for each. */
import {PostmultiCommand} from '../shared/base.ts'
import {changeQueue, idArguments, type QueueAct, type QueueChange, queueChangeFlags} from '../shared/queue-change.ts'

export const queueActs = {
  delete: queueActOf(
    {action: 'delete', done: 'deleted', question: 'Delete', needsYes: true},
    'Delete messages. This cannot be undone.',
  ),
  flush: queueActOf(
    {action: 'flush', done: 'tried again', question: 'Try again'},
    'Try now to deliver deferred messages. Their instance must run.',
  ),
  hold: queueActOf(
    {action: 'hold', done: 'placed on hold', question: 'Place on hold'},
    'Put messages on hold: they are not delivered until they are released.',
  ),
  release: queueActOf(
    {action: 'release', done: 'released from hold', question: 'Release'},
    'Release messages that are on hold.',
  ),
  requeue: queueActOf(
    {action: 'requeue', done: 'requeued', question: 'Requeue'},
    'Queue messages anew within a minute, with the address rewriting of today; they get new ids.',
  ),
}

function queueActOf(act: QueueAct, summary: string) {
  return class QueueMessages extends PostmultiCommand {
    static override summary = summary
    static override args = idArguments
    static override flags = queueChangeFlags
    static override examples = [`<%= config.bin %> queue ${act.action} postfix-out/4ABC1234`]

    async run(): Promise<QueueChange> {
      const {args, flags} = await this.parse(QueueMessages)
      return changeQueue(this, args.id, flags, act)
    }
  }
}
