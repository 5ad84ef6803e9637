/**
 * What Prometheus is told of the instances; docs/metrics.md has the names and labels.
 * Source: Prometheus, "Exposition formats", text format 0.0.4.
 */
import {type Damaged, type Instance, label} from '../model/instance/instance.ts'
import type {Queued, State} from '../model/instance/state.ts'
import {type StateJson, toStateJson} from './status.ts'
import {type InstanceJson, toInstanceJson} from './terminal/listed.ts'

export interface Measured {
  instance: Instance
  state: State
  /** Null where the reader has not the right to look. */
  queued: Queued | null
  /** Null also where there is no message. */
  oldest: Date | null
  /** Below its master(8); null where it is not known. */
  processes: number | null
}

export type MeasuredJson = InstanceJson &
  StateJson & {queued: Queued | null; oldest: string | null; processes: number | null}

type MetricLabels = Record<string, string>

interface Family {
  name: string
  help: string
  /** None where it is not known: a zero would be a lie. */
  samples: (each: Measured) => [value: number, labels?: MetricLabels][]
}

const families: readonly Family[] = [
  {
    name: 'postfix_instance_info',
    help: 'Group and directories of the instance.',
    samples: ({instance}) => [
      [
        1,
        {
          group: instance.multi_instance_group,
          config_directory: instance.config_directory,
          queue_directory: instance.queue_directory,
          data_directory: instance.data_directory,
        },
      ],
    ],
  },
  {
    name: 'postfix_instance_enabled',
    help: 'Whether it starts and stops with the whole system.',
    samples: ({instance}) => [[Number(instance.multi_instance_enable)]],
  },
  {
    name: 'postfix_instance_up',
    help: 'Whether its master(8) runs.',
    samples: ({state}) => (state === 'unknown' ? [] : [[Number(state !== null)]]),
  },
  {
    name: 'postfix_instance_start_time_seconds',
    help: 'When its master(8) was started, in seconds since 1970.',
    samples: ({state}) => (state === null || state === 'unknown' ? [] : [[toSeconds(state.since)]]),
  },
  {
    name: 'postfix_instance_processes',
    help: 'How many processes its master(8) has started that are still there.',
    samples: ({processes}) => (processes === null ? [] : [[processes]]),
  },
  {
    name: 'postfix_instance_messages',
    help: 'How many messages wait in each of its queues.',
    samples: ({queued}) => Object.entries(queued ?? {}).map(([queue, count]) => [count, {queue}]),
  },
  {
    name: 'postfix_instance_oldest_message_timestamp_seconds',
    help: 'When the message came that has waited longest, in seconds since 1970.',
    samples: ({oldest}) => (oldest === null ? [] : [[toSeconds(oldest)]]),
  },
]

/** Each sample once, whatever the instances are called: with one twice, the whole text is refused. */
export function toMetrics(measured: readonly Measured[], damaged: readonly Damaged[]): string {
  const named = nameAll(measured)
  const health = new Map([...named.keys()].map((name) => [name, 0]))
  for (const {config_directory} of damaged) health.set(config_directory.toWellFormed(), 1)
  return [
    ...families.flatMap(({name, help, samples}) => {
      const all = [...named].flatMap(([instance, each]) =>
        samples(each).map(([value, labels]) => toSample(name, {name: instance, ...labels}, value)),
      )
      return toFamily(name, help, all)
    }),
    ...toFamily(
      'postfix_instance_damaged',
      'Whether its main.cf cannot be read or understood; its name is its config_directory then.',
      [...health].map(([name, value]) => toSample('postfix_instance_damaged', {name}, value)),
    ),
  ].join('\n')
}

export function toMeasuredJson(measured: Measured): MeasuredJson {
  const {instance, queued, oldest, processes} = measured
  return {
    ...toInstanceJson(instance),
    ...toStateJson(measured),
    queued,
    oldest: oldest?.toISOString() ?? null,
    processes,
  }
}

/** By name, or by config_directory where it has none or shares it. */
function nameAll(measured: readonly Measured[]): Map<string, Measured> {
  const names = measured.map(({instance}) => label(instance))
  const shared = new Set(names.filter((each, at) => names.indexOf(each) !== at))
  const named = measured.map((each): [string, Measured] => {
    const name = label(each.instance)
    return [(shared.has(name) ? each.instance.config_directory : name).toWellFormed(), each]
  })
  return new Map(named)
}

function toFamily(name: string, help: string, samples: string[]): string[] {
  return samples.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples]
}

function toSample(name: string, labels: MetricLabels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`)
  return `${name}{${pairs.join(',')}} ${value}`
}

/** Labels are UTF-8: what is not, in a path, becomes U+FFFD. */
function escapeLabel(text: string): string {
  return text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function toSeconds(time: Date): number {
  return time.getTime() / 1000
}
