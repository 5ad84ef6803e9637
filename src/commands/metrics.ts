import {Flags} from '@oclif/core'
import type {Instance} from '../model/instance.ts'
import {type State, totalOf} from '../model/state.ts'
import {countProcesses} from '../postfix/processes.ts'
import {readMessageCounts, readOldest, readStates} from '../postfix/state.ts'
import {type DamagedJson, toDamagedJson} from '../report/listed.ts'
import {type Measured, type MeasuredJson, toMeasuredJson, toMetrics} from '../report/metrics.ts'
import {ReadingCommand} from './reading.ts'
import {checkReplaceable, replaceFile} from './replace-file.ts'

/** `postmulti metrics`: state and mail of all instances, for Prometheus. */
export default class Metrics extends ReadingCommand {
  static override summary = 'Print the state and mail of all instances as Prometheus reads it.'
  static override flags = {
    output: Flags.string({
      helpValue: 'FILE',
      description: 'Put it there, at once and whole; node_exporter reads files whose names end in .prom.',
    }),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --output /var/lib/prometheus/node-exporter/postfix.prom',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  async run(): Promise<{instances: MeasuredJson[]; damaged: DamagedJson[]}> {
    const {flags} = await this.parse(Metrics)
    if (flags.output !== undefined) checkReplaceable(flags.output)
    const {instances, damaged} = this.choose([{by: 'all'}])
    this.remarkDamaged(damaged)
    const states = readStates(instances)
    const measured = instances.map((each) => measure(each, states.get(each.config_directory) ?? null))
    this.remarkUnseen(measured.some(({state, queued}) => state === 'unknown' || queued === null))
    const text = toMetrics(measured, damaged)
    if (flags.output === undefined) this.log(text)
    // No word about it: cron(8) would send mail each time.
    else replaceFile(flags.output, `${text}\n`)
    return {instances: measured.map(toMeasuredJson), damaged: damaged.map(toDamagedJson)}
  }
}

function measure(instance: Instance, state: State): Measured {
  const queued = readMessageCounts(instance) ?? null
  return {
    instance,
    state,
    queued,
    oldest: queued === null || totalOf(queued) === 0 ? null : (readOldest(instance) ?? null),
    processes: state === null ? 0 : state === 'unknown' ? null : (countProcesses(state.pid) ?? null),
  }
}
