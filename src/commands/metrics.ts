import {resolve} from 'node:path'
import {Flags} from '@oclif/core'
import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import type {Instance} from '../model/instance/instance.ts'
import {type State, totalOf} from '../model/instance/state.ts'
import {isOfThisHost, parseListenAddress} from '../model/master-cf/listen-address.ts'
import {countProcesses} from '../postfix/state/processes.ts'
import {readMessageCounts, readOldest, readStates, type Unseen} from '../postfix/state/state.ts'
import {type Measured, type MeasuredJson, toMeasuredJson, toMetrics} from '../report/metrics.ts'
import {type DamagedJson, toDamagedJson} from '../report/terminal/listed.ts'
import {PostmultiCommand} from './shared/base.ts'
import {serveMetrics} from './shared/metrics-server.ts'
import {chooseInstances, remarkDamaged, reportUnseen} from './shared/reading.ts'
import {checkReplaceable, writeReport} from './shared/replace-file.ts'

/** `postmulti metrics`: state and mail of all instances, for Prometheus. */
export default class Metrics extends PostmultiCommand {
  static override summary = 'Print the state and mail of all instances as Prometheus reads it.'
  static override usage = [
    '<%= command.id %> [--output FILE] [--json]',
    '<%= command.id %> --listen ADDRESS [--public]',
  ]
  static override flags = {
    output: Flags.string({
      helpValue: 'FILE',
      description: 'Write it to this file, by a rename; node_exporter reads files whose names end in .prom.',
    }),
    listen: Flags.string({
      helpValue: 'ADDRESS',
      description: "Answer over HTTP: at a path, at 127.0.0.1:PORT or [::1]:PORT, or 'systemd' for its socket.",
      exclusive: ['output', 'json'],
    }),
    public: Flags.boolean({description: 'Listen where other hosts may ask, too.', dependsOn: ['listen']}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --output /var/lib/prometheus/node-exporter/postfix.prom',
    '<%= config.bin %> <%= command.id %> --listen 127.0.0.1:9154',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  async run(): Promise<{instances: MeasuredJson[]; damaged: DamagedJson[]} | undefined> {
    const {flags} = await this.parse(Metrics)
    if (flags.listen !== undefined) return this.#serve(flags.listen, flags.public)
    const output = flags.output === undefined ? undefined : resolve(flags.output)
    if (output !== undefined) checkReplaceable(output)
    const {instances, damaged} = chooseInstances(this, [{by: 'all'}])
    remarkDamaged(this, damaged)
    const unseen: Unseen = new Map()
    const states = readStates(instances, unseen)
    const measured = instances.map((each) => measure(each, states.get(each.config_directory) ?? null, unseen))
    reportUnseen(this, unseen, instances)
    const text = toMetrics(measured, damaged)
    if (output === undefined) this.log(text)
    // No word about it: cron(8) would send mail each time.
    else writeReport(output, `${text}\n`)
    return {instances: measured.map(toMeasuredJson), damaged: damaged.map(toDamagedJson)}
  }

  async #serve(text: string, isPublic: boolean): Promise<undefined> {
    const example = suggest`postmulti metrics --listen 127.0.0.1:9154`
    const address = parseListenAddress(text)
    if (address === undefined) {
      this.usage(`--listen ${text} is not a place to listen: pass /PATH, ADDRESS:PORT or systemd`, [example])
    }
    if (!isPublic && !isOfThisHost(address)) {
      const message = `Other hosts could ask at ${text}`
      throw new Refusal(message, {suggestions: [example, suggest`postmulti metrics --listen ${text} --public`]})
    }
    const tools = {say: (line: string) => this.log(line), warn: (line: string) => this.remark(line)}
    return serveMetrics(`${this.config.root}/bin/postmulti`, address, tools)
  }
}

function measure(instance: Instance, state: State, unseen: Unseen): Measured {
  const queued = readMessageCounts(instance, unseen) ?? null
  return {
    instance,
    state,
    queued,
    oldest: queued === null || totalOf(queued) === 0 ? null : (readOldest(instance, unseen) ?? null),
    processes: state === null ? 0 : state === 'unknown' ? null : (countProcesses(state.pid) ?? null),
  }
}
