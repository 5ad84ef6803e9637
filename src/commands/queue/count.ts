import {Flags} from '@oclif/core'
import type {Instance} from '../../model/instance/instance.ts'
import {type Queued, totalOf} from '../../model/instance/state.ts'
import {readMessageCounts, readOldest, type Unseen} from '../../postfix/state/state.ts'
import {keepTotals, type MessageTotals, readLastTotals} from '../../postfix/watch/last-totals.ts'
import {
  describeSince,
  type Held,
  type HeldJson,
  toHeldJson,
  toHeldTable,
  toTotalJson,
} from '../../report/queue-counts.ts'
import {type DamagedJson, toDamagedJson} from '../../report/terminal/listed.ts'
import {readTerminal} from '../../report/terminal/terminal.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {chooseInstances, reportUnseen} from '../shared/reading.ts'
import {scopeFlags, toScope} from '../shared/scope.ts'

/** `postmulti queue`: how much mail is waiting, where, and since when. */
export default class QueueCount extends PostmultiCommand {
  static override summary = 'Count the messages of each instance by queue, with the oldest one and the growth.'
  static override aliases = ['queue']
  static override flags = {
    ...scopeFlags,
    interval: Flags.integer({
      min: 1,
      helpValue: 'SECONDS',
      description: "Look twice, with this time between, for the growth; when absent, growth is since root's last look.",
    }),
  }
  static override examples = [
    '<%= config.bin %> queue',
    '<%= config.bin %> queue --group mta --interval 1',
    '<%= config.bin %> queue --json',
  ]

  async run(): Promise<{
    instances: HeldJson[]
    total: Queued | null
    since: string | null
    damaged: DamagedJson[]
  }> {
    const {flags} = await this.parse(QueueCount)
    const {instances, damaged} = chooseInstances(this, toScope(flags))
    const before = flags.interval === undefined ? readLastTotals() : readTotals(instances)
    if (flags.interval !== undefined) {
      await process.getBuiltinModule('node:timers/promises').setTimeout(flags.interval * 1000)
    }
    const now = new Date()
    const unseen: Unseen = new Map()
    const held = instances.map((instance): Held => {
      const queued = readMessageCounts(instance, unseen) ?? null
      const earlier = before?.totals.get(instance.config_directory)
      return {
        instance,
        queued,
        oldest: queued === null || totalOf(queued) === 0 ? null : (readOldest(instance, unseen) ?? null),
        growth: queued === null || earlier === undefined ? null : totalOf(queued) - earlier,
      }
    })
    reportUnseen(this, unseen, instances)
    // A look at some of them would leave the others without a time.
    if (flags.group === undefined && flags.instance === undefined) keepTotals({at: now, totals: totalsOf(held)})
    if (!this.jsonEnabled()) {
      this.log(toHeldTable(held, damaged, before !== undefined, readTerminal()))
      if (before !== undefined) this.log(describeSince(before.at, now))
    }
    return {
      instances: held.map(toHeldJson),
      total: toTotalJson(held),
      since: before?.at.toISOString() ?? null,
      damaged: damaged.map(toDamagedJson),
    }
  }
}

function readTotals(instances: readonly Instance[]): MessageTotals {
  const at = new Date()
  return {at, totals: totalsOf(instances.map((instance) => ({instance, queued: readMessageCounts(instance) ?? null})))}
}

/** Without those at which the caller has not the right to look. */
function totalsOf(held: readonly Pick<Held, 'instance' | 'queued'>[]): MessageTotals['totals'] {
  return new Map(
    held.flatMap(({instance, queued}) => (queued === null ? [] : [[instance.config_directory, totalOf(queued)]])),
  )
}
