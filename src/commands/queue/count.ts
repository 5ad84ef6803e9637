import {Flags} from '@oclif/core'
import type {Instance} from '../../model/instance.ts'
import {type Queued, totalOf} from '../../model/state.ts'
import {readMessageCounts, readOldest} from '../../postfix/state.ts'
import {type DamagedJson, toDamagedJson} from '../../report/listed.ts'
import {readPaper} from '../../report/paper.ts'
import {type Held, type HeldJson, toHeldJson, toHeldTable, toTotalJson} from '../../report/queue-counts.ts'
import {ReadingCommand} from '../reading.ts'
import {scopeFlags, toScope} from '../scope.ts'

/** `postmulti queue`: how much mail is waiting, where, and since when. */
export default class QueueCount extends ReadingCommand {
  static override summary = 'Count the messages of each instance by queue, with the oldest one and the growth.'
  static override aliases = ['queue']
  static override flags = {
    ...scopeFlags,
    interval: Flags.integer({
      min: 1,
      helpValue: 'SECONDS',
      description: 'Look twice, with so much time between, and show by how many messages each instance has grown.',
    }),
  }
  static override examples = [
    '<%= config.bin %> queue',
    '<%= config.bin %> queue --group mta --interval 1',
    '<%= config.bin %> queue --json',
  ]

  async run(): Promise<{instances: HeldJson[]; total: Queued | null; damaged: DamagedJson[]}> {
    const {flags} = await this.parse(QueueCount)
    const {instances, damaged} = this.choose(toScope(flags))
    const earlier = flags.interval === undefined ? undefined : instances.map(countAll)
    if (flags.interval !== undefined) {
      await process.getBuiltinModule('node:timers/promises').setTimeout(flags.interval * 1000)
    }
    const held = instances.map((instance, at): Held => {
      const queued = readMessageCounts(instance) ?? null
      const before = earlier?.[at]
      return {
        instance,
        queued,
        oldest: queued === null || totalOf(queued) === 0 ? null : (readOldest(instance) ?? null),
        growth: queued === null || before === undefined ? null : totalOf(queued) - before,
      }
    })
    this.remarkUnseen(held.some(({queued}) => queued === null))
    if (!this.jsonEnabled()) this.log(toHeldTable(held, damaged, flags.interval !== undefined, readPaper()))
    return {instances: held.map(toHeldJson), total: toTotalJson(held), damaged: damaged.map(toDamagedJson)}
  }
}

/** Undefined where the caller has not the right to look. */
function countAll(instance: Instance): number | undefined {
  const queued = readMessageCounts(instance)
  return queued === undefined ? undefined : totalOf(queued)
}
