import {idArguments, type QueueChange, QueueChangeCommand, queueChangeFlags} from '../shared/queue-change.ts'

/** `postmulti queue delete ID...`: these messages and no others are gone. */
export default class QueueDelete extends QueueChangeCommand {
  static override summary = 'Delete messages. There is no way back.'
  static override args = idArguments
  static override flags = queueChangeFlags
  static override examples = ['<%= config.bin %> queue delete postfix-out/4ABC1234']

  async run(): Promise<QueueChange> {
    const {args, flags} = await this.parse(QueueDelete)
    return this.changeQueue(args.id, flags, {action: 'delete', needsYes: true, done: 'deleted', question: 'Delete'})
  }
}
