import {idArguments, type QueueChange, QueueChangeCommand, queueChangeFlags} from '../shared/queue-change.ts'

/** `postmulti queue hold ID...`: nobody tries to deliver these messages until they are released. */
export default class QueueHold extends QueueChangeCommand {
  static override summary = 'Put messages on hold: nobody tries to deliver them until they are released.'
  static override args = idArguments
  static override flags = queueChangeFlags
  static override examples = ['<%= config.bin %> queue hold postfix-out/4ABC1234']

  async run(): Promise<QueueChange> {
    const {args, flags} = await this.parse(QueueHold)
    return this.changeQueue(args.id, flags, {action: 'hold', done: 'placed on hold', question: 'Place on hold'})
  }
}
