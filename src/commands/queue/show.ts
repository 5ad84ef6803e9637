import {fromBytes} from '../../model/base/text.ts'
import {qualifiedId} from '../../model/mail/queued-message.ts'
import {readMessage} from '../../postfix/state/queue-tools.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {findQueued, idArguments} from '../shared/queue-change.ts'

/** `postmulti queue show ID...`: what is in a message. */
export default class QueueShow extends PostmultiCommand {
  static override summary = 'Show whole messages: envelope, header and body.'
  static override args = idArguments
  static override examples = ['<%= config.bin %> queue show postfix-out/4ABC1234']

  async run(): Promise<{messages: {id: string; queue: string; content: string}[]}> {
    const {args} = await this.parse(QueueShow)
    const {primary, located} = findQueued(this, args.id, 'show', false)
    return {
      messages: located.map((each) => {
        const content = fromBytes(readMessage(each.instance, each.queue_id, primary))
        this.log(content.trimEnd())
        return {id: qualifiedId(each), queue: each.queue, content}
      }),
    }
  }
}
