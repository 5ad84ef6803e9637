import {Flags} from '@oclif/core'
import {parseDuration} from '../../model/base/duration.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {label} from '../../model/instance/instance.ts'
import {qualifiedId} from '../../model/mail/queued-message.ts'
import {readListing} from '../../postfix/state/queue-listing.ts'
import {type QueuedMessageJson, toListingTable, toQueuedMessageJson} from '../../report/queue-listing.ts'
import {type DamagedJson, toDamagedJson} from '../../report/terminal/listed.ts'
import {readTerminal} from '../../report/terminal/terminal.ts'
import {exitStatus, PostmultiCommand} from '../shared/base.ts'
import {chooseInstances, remarkDamaged} from '../shared/reading.ts'
import {scopeFlags, toScope} from '../shared/scope.ts'

/** `postmulti queue list`: which messages are waiting. */
export default class QueueList extends PostmultiCommand {
  static override summary = 'List the messages in the queues, each with an id that is unique on this host.'
  static override description =
    'Upper and lower case are the same. In addresses * stands for any characters. MAILER-DAEMON sends the bounces.'
  static override flags = {
    ...scopeFlags,
    from: Flags.string({description: 'Only those of this sender.', helpValue: 'ADDRESS'}),
    to: Flags.string({description: 'Only those with such a recipient.', helpValue: 'ADDRESS'}),
    reason: Flags.string({description: 'Only those with this text in the reason why they wait.', helpValue: 'TEXT'}),
    older: Flags.string({description: 'Only those older than this: 90s, 30m, 12h, 5d, 1w.', helpValue: 'TIME'}),
    queue: Flags.option({
      description: 'Only those in this queue.',
      options: ['maildrop', 'incoming', 'active', 'deferred', 'hold'] as const,
    })(),
    ids: Flags.boolean({description: 'Only the ids, one on each line, as the other queue commands take them.'}),
  }
  static override examples = [
    '<%= config.bin %> queue list',
    "<%= config.bin %> queue list --to '*@example.com' --reason 'timed out' --older 2h",
    '<%= config.bin %> queue list --instance postfix-out --from MAILER-DAEMON --ids',
  ]

  async run(): Promise<{messages: QueuedMessageJson[]; damaged: DamagedJson[]}> {
    const {flags} = await this.parse(QueueList)
    const {from, to, reason, queue} = flags
    const before = flags.older === undefined ? undefined : this.#timeBefore(flags.older)
    const {instances, damaged, primary} = chooseInstances(this, toScope(flags))
    remarkDamaged(this, damaged)
    const {messages, failures, asked} = await readListing(instances, {from, to, reason, queue, before}, primary)
    for (const each of failures) this.remark(`${label(each.instance)}: ${each.reason}`)
    if (failures.length > 0) this.status = failures.length === asked ? exitStatus.failed : exitStatus.partly
    if (flags.ids) for (const each of messages) this.log(qualifiedId(each))
    else if (!this.jsonEnabled()) this.log(toListingTable(messages, readTerminal()))
    return {messages: messages.map(toQueuedMessageJson), damaged: damaged.map(toDamagedJson)}
  }

  #timeBefore(older: string): Date {
    const duration = parseDuration(older)
    if (duration === undefined) {
      this.usage(`--older ${older} is not a time: pass a number and one of s, m, h, d, w`, [
        suggest`postmulti queue list --older 2h`,
      ])
    }
    return new Date(Date.now() - duration * 1000)
  }
}
