import {idArguments, type QueueChange, QueueChangeCommand, queueChangeFlags} from '../shared/queue-change.ts'

/** `postmulti queue flush ID...`: these deferred messages are tried now. */
export default class QueueFlush extends QueueChangeCommand {
  static override summary = 'Try now to deliver deferred messages. Their instance must run.'
  static override args = idArguments
  static override flags = queueChangeFlags
  static override examples = ['<%= config.bin %> queue flush postfix-out/4ABC1234']

  async run(): Promise<QueueChange> {
    const {args, flags} = await this.parse(QueueFlush)
    return this.changeQueue(args.id, flags, {action: 'flush', done: 'tried again', question: 'Try again'})
  }
}
