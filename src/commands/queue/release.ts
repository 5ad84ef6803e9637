import {idArguments, type QueueChange, QueueChangeCommand, queueChangeFlags} from '../shared/queue-change.ts'

/** `postmulti queue release ID...`: messages on hold are delivered again. */
export default class QueueRelease extends QueueChangeCommand {
  static override summary = 'Release messages that are on hold.'
  static override args = idArguments
  static override flags = queueChangeFlags
  static override examples = ['<%= config.bin %> queue release postfix-out/4ABC1234']

  async run(): Promise<QueueChange> {
    const {args, flags} = await this.parse(QueueRelease)
    return this.changeQueue(args.id, flags, {action: 'release', done: 'released from hold', question: 'Release'})
  }
}
