/**
 * All instances, looked at again and again. What is read once more is only what has changed: main.cf and master.cf of a
 * thousand instances when one of these files is another one, a queue when mail has come or gone, a log from its end on.
 */
import {lookThrough} from '../../files/read.ts'
import {Refusal, ToolFailure} from '../../model/base/errors.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'
import type {Damaged, Instance} from '../../model/instance/instance.ts'
import type {State} from '../../model/instance/state.ts'
import {makeTally} from '../../model/mail/rates.ts'
import {fullness, type ObservedInstance, type Sample, type ServiceLoad} from '../../model/top/top.ts'
import {readServiceLimits} from '../parameters/service-limits.ts'
import {readValues, type Values} from '../parameters/values.ts'
import type {Primary} from '../reader/primary.ts'
import {countServices} from '../state/processes.ts'
import {readStates, type Unseen} from '../state/state.ts'
import {followLog} from './follow-log.ts'
import {findSystemLog, type MailLog} from './mail-log.ts'
import {type LookAtQueues, watchQueues} from './watch-queues.ts'

export interface WatchedInstances {
  primary: Primary
  /** In start order. */
  instances: readonly Instance[]
  damaged: Damaged[]
}

/** What its files say. */
interface WatchedSettings {
  /** What these files were like. */
  mark: string
  maillog_file: string
  syslog_name: string
  /** By NAME/TYPE. */
  limits: Map<string, number>
}

/**
 * `choose` reads the list. Where that fails, later, the last one goes on, and `warn` gets the reason. So it does for
 * what cannot be read of an instance.
 */
export function watchInstances(choose: () => WatchedInstances, warn: (text: string) => void): () => Promise<Sample> {
  let chosen = choose()
  let marks = markConfigurations(chosen)
  const lookAtQueues = watchQueues()
  const tally = makeTally()
  const lookAtLog = followLog(tally, warn)
  const known = new Map<string, WatchedSettings>()
  /** Services by pid, by config_directory. */
  const processes = new Map<string, Map<string, string>>()

  return async () => {
    const time = new Date()
    renew()
    const {instances, damaged} = chosen
    await lookAtLog(toLog(instances, known), time)
    const unseen: Unseen = new Map()
    const states = readStates(instances, unseen)
    const observed = instances.map((instance): ObservedInstance => {
      const {config_directory} = instance
      const state = states.get(config_directory) ?? null
      return {
        instance,
        state,
        ...lookAtMail(instance, lookAtQueues, unseen),
        ...lookAtProcesses(config_directory, state),
        rates: tally.rates(config_directory, time.getTime() / 1000),
      }
    })
    return {time, observed, damaged, unseen}
  }

  function renew(): void {
    const present = markConfigurations(chosen)
    if (!isSame(present, marks)) {
      try {
        chosen = choose()
      } catch (error) {
        if (!(error instanceof Refusal || error instanceof ToolFailure)) throw error
        warn(error instanceof Refusal ? error.explained : error.message)
      }
      marks = markConfigurations(chosen)
    }
    const changed = chosen.instances.filter(({config_directory}) => {
      return known.get(config_directory)?.mark !== marks.get(config_directory)
    })
    for (const [config_directory, values] of readAllValues(changed, chosen.primary, warn)) {
      known.set(config_directory, toSettings(config_directory, values, marks.get(config_directory) ?? ''))
    }
  }

  function lookAtProcesses(config_directory: string, state: State): Pick<ObservedInstance, 'processes' | 'fullest'> {
    if (state === null) return {processes: 0, fullest: null}
    const names = processes.get(config_directory) ?? new Map<string, string>()
    processes.set(config_directory, names)
    const counts = state === 'unknown' ? undefined : countServices(state.pid, names)
    if (counts === undefined) return {processes: null, fullest: null}
    let fullest: ServiceLoad | null = null
    for (const [service, count] of counts) {
      const limit = known.get(config_directory)?.limits.get(service)
      const each = limit === undefined ? undefined : {service, processes: count, limit}
      // A single process is all that many services may have.
      if (each === undefined || each.limit === 1) continue
      if (fullest === null || fullness(each) > fullness(fullest)) fullest = each
    }
    return {processes: names.size, fullest}
  }
}

/** By config_directory: what main.cf and master.cf are like. */
function markConfigurations({primary}: WatchedInstances): Map<string, string> {
  const all = [primary.instance.config_directory, ...primary.directories]
  return new Map(all.map((each) => [each, `${markOf(`${each}/main.cf`)} ${markOf(`${each}/master.cf`)}`]))
}

function markOf(path: string): string {
  try {
    const stats = lookThrough(path)
    return stats === undefined ? '-' : `${stats.ino}/${stats.size}/${stats.mtimeMs}`
  } catch (error) {
    return explainError(error)
  }
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([directory, mark]) => other.get(directory) === mark)
}

const watchedParameters = ['maillog_file', 'syslog_name', 'default_process_limit'] as const

/** By config_directory; undefined for those that cannot be read. */
function readAllValues(
  instances: readonly Instance[],
  primary: Primary,
  warn: (text: string) => void,
): Map<string, Values | undefined> {
  const directories = instances.map(({config_directory}) => config_directory)
  const together = orWarn(() => readValues(directories, watchedParameters, primary))
  if (together !== undefined) return new Map(directories.map((each, at) => [each, together[at]]))
  return new Map(
    directories.map((each) => [each, orWarn(() => readValues([each], watchedParameters, primary)[0], warn)]),
  )
}

function toSettings(config_directory: string, values: Values | undefined, mark: string): WatchedSettings {
  const usual = Number(values?.get('default_process_limit') ?? Number.NaN)
  return {
    mark,
    maillog_file: values?.get('maillog_file') ?? '',
    syslog_name: values?.get('syslog_name') ?? '',
    limits: orWarn(() => readServiceLimits(config_directory, usual)) ?? new Map(),
  }
}

/** Who logs where, by what begins his lines: the first one, where two have the same name in the same log. */
function toLog(instances: readonly Instance[], known: ReadonlyMap<string, WatchedSettings>): MailLog {
  const log = new Map<string, Map<string, string>>()
  const system = findSystemLog()
  for (const {config_directory} of instances) {
    const {maillog_file, syslog_name} = known.get(config_directory)!
    if (syslog_name === '') continue
    const labels = log.get(maillog_file || system) ?? new Map<string, string>()
    if (!labels.has(syslog_name)) labels.set(syslog_name, config_directory)
    log.set(maillog_file || system, labels)
  }
  return log
}

function lookAtMail(
  {config_directory, queue_directory}: Instance,
  look: LookAtQueues,
  unseen: Unseen,
): Pick<ObservedInstance, 'queued' | 'oldest'> {
  const found = orWarn(
    () => look(queue_directory),
    (reason) => unseen.set(config_directory, reason),
  )
  return found ?? {queued: null, oldest: null}
}

/** Undefined where a file or a tool fails. */
function orWarn<Result>(look: () => Result, warn?: (text: string) => void): Result | undefined {
  try {
    return look()
  } catch (error) {
    if (!(error instanceof ToolFailure) && errorCode(error) === undefined) throw error
    warn?.((error as Error).message)
    return undefined
  }
}
