import {idArguments, type QueueChange, QueueChangeCommand, queueChangeFlags} from '../shared/queue-change.ts'

/** `postmulti queue requeue ID...`: messages go through cleanup once more, with the settings of today. */
export default class QueueRequeue extends QueueChangeCommand {
  static override summary =
    'Queue messages anew within a minute, with the address rewriting of today; they get new ids.'
  static override args = idArguments
  static override flags = queueChangeFlags
  static override examples = ['<%= config.bin %> queue requeue postfix-out/4ABC1234']

  async run(): Promise<QueueChange> {
    const {args, flags} = await this.parse(QueueRequeue)
    return this.changeQueue(args.id, flags, {action: 'requeue', done: 'requeued', question: 'Requeue'})
  }
}
