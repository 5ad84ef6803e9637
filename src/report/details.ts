/** One instance in full, in sections. */

import {label} from '../model/instance/instance.ts'
import {type Queued, totalOf} from '../model/instance/state.ts'
import type {Difference} from '../model/main-cf/comparison.ts'
import {describeListener, type Listener} from '../model/master-cf/listeners.ts'
import type {NamedTable} from '../model/master-cf/lookup-tables.ts'
import type {Contrast, Details} from '../model/survey/details.ts'
import {type ObservedJson, toObservedJson} from './instances.ts'
import {type NamedJson, toNamedJson} from './terminal/listed.ts'
import {sections} from './terminal/sections.ts'
import type {Terminal} from './terminal/table.ts'
import {toDay} from './terminal/time.ts'

export interface DetailsJson extends ObservedJson {
  listeners: Listener[]
  oldest: string | null
  settings: {name: string; value: string | null; primary: string | null}[]
  tables: NamedTable[]
}

export interface ContrastJson extends NamedJson {
  against: NamedJson
  settings: Difference[]
  services: {service: string; value: string | null; other: string | null}[]
}

const unseen = '? (needs root)'

export function describeDetails(details: Details, terminal: Terminal): string {
  const {instance, primary, listeners, settings, tables} = details
  const {config_directory, queue_directory, data_directory, multi_instance_group, multi_instance_enable} = instance
  const title = terminal.paint('bold', label(instance)) + (primary ? ', the primary instance' : '')
  const facts = [
    ['group', multi_instance_group || '-'],
    ['enabled', describeSwitch(multi_instance_enable, details.atBoot)],
    ['running', describeState(details)],
    ['queued', describeQueued(details)],
    ['config_directory', config_directory],
    ['queue_directory', queue_directory],
    ['data_directory', data_directory],
  ]
  return sections(title, facts, terminal, [
    ['Listeners', listeners.map((each) => [describeListener(each), describeDaemon(each)])],
    ['Settings unlike those of the primary', settings.map((each) => [describeDifference(each, 'primary')])],
    ['Tables', tables.map(({table, parameters}) => [table, parameters.join(', ')])],
  ])
}

export function describeContrast({instance, other, settings, services}: Contrast, terminal: Terminal): string {
  const [name, against] = [label(instance), label(other)]
  if (settings.length + services.length === 0) return `${name} has the settings and services of ${against}.`
  return sections(terminal.paint('bold', `${name}, against ${against}`), [], terminal, [
    ['Settings', settings.map((each) => [describeDifference(each, against)])],
    ['Services', services.map((each) => [describeDifference(each, against)])],
  ])
}

export function toContrastJson({instance, other, settings, services}: Contrast): ContrastJson {
  return {
    ...toNamedJson(instance),
    against: toNamedJson(other),
    settings,
    services: services.map(({name, value, other: others}) => ({service: name, value, other: others})),
  }
}

export function toDetailsJson(details: Details): DetailsJson {
  const {listeners, oldest, settings, tables} = details
  return {
    ...toObservedJson(details),
    listeners,
    oldest: oldest?.toISOString() ?? null,
    settings: settings.map(({name, value, other}) => ({name, value, primary: other})),
    tables,
  }
}

function describeSwitch(enabled: boolean, atBoot: boolean | null): string {
  const told = enabled ? 'yes' : 'no'
  if (atBoot === null || atBoot === enabled) return told
  return `${told}, but systemd ${enabled ? 'does not start it' : 'starts it'} at boot`
}

function describeState({state}: Details): string {
  if (state === 'unknown') return unseen
  return state === null ? 'no' : `since ${toDay(state.since)}, pid ${state.pid}`
}

function describeQueued({queued, oldest}: Details): string {
  if (queued === null) return unseen
  const total = totalOf(queued)
  if (total === 0) return '0'
  const since = oldest === null ? '' : `, the oldest since ${toDay(oldest)}`
  return `${total} (${describeQueues(queued)})${since}`
}

function describeQueues(queued: Queued): string {
  const filled = Object.entries(queued).filter(([, count]) => count > 0)
  return filled.map(([queue, count]) => `${queue} ${count}`).join(', ')
}

function describeDaemon({command, enabled}: Listener): string {
  return enabled ? command : `${command} (off: master_service_disable)`
}

function describeDifference({name, value, other}: Difference, others: string): string {
  const instead = other === null ? '' : ` (${others}: ${other === '' ? 'empty' : other})`
  return `${value === null ? `${name} is not set` : `${name} = ${value}`}${instead}`
}
