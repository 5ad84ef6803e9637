/** The instances and files of the host, before a plan is carried out and as they will be after it. */
import type {Wanted} from '@postmulti/plugin-api'
import {errorCode} from '../../model/base/system-error.ts'
import {fromBytes} from '../../model/base/text.ts'
import type {Plan, Step} from '../../model/change/plan.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {readable} from '../../model/instance/instance.ts'
import type {Listener} from '../../model/master-cf/listeners.ts'
import type {NamedTable} from '../../model/master-cf/lookup-tables.ts'
import {listenerParameters, listenersOf} from '../parameters/listeners.ts'
import {readValues, type Values} from '../parameters/values.ts'
import {readServices} from '../reader/own-settings.ts'
import type {Primary} from '../reader/primary.ts'
import {type ReadText, readConfiguration} from '../reader/read-file.ts'
import {readTables} from './details.ts'
import {overlay} from './overlay.ts'

export interface PreviewedInstance extends Instance {
  primary: boolean
  /** Expanded; without unknown ones. */
  parameters: Record<string, string>
  services: {name: string; type: string; command: string[]}[]
  listeners: Listener[]
  tables: NamedTable[]
}

export interface Views {
  /** Primary first, in start order. Throws what open(2) or postconf(1) says. */
  read(when: 'before' | 'after', wanted: Wanted): PreviewedInstance[]
  /** Null where there is no such file. */
  text(when: 'before' | 'after', path: string): string | null
}

/**
 * Plugins ask for much the same: what was read once is remembered, and is the same after for those that are left alone.
 * `earlier` is what will have been done before.
 */
export function preview(
  {steps, before, after}: Pick<Plan, 'steps' | 'before' | 'after'>,
  primary: Primary,
  earlier: readonly Step[] = [],
): Views {
  const asItWillBe = earlier.length === 0 ? undefined : overlay(earlier, readConfiguration).read
  const overlaid = overlay(steps, asItWillBe ?? readConfiguration)
  const reading = {before: asItWillBe, after: overlaid.read}
  const list = {before, after}
  const remembered = new Map<string, Omit<PreviewedInstance, keyof Instance | 'primary'>>()
  return {
    read(when, wanted) {
      const what = JSON.stringify(wanted)
      const keyOf = ({config_directory}: Instance): string =>
        `${config_directory} ${stateOf(when, config_directory)} ${what}`
      const instances = readable(list[when])
      const unread = instances.filter((each) => !remembered.has(keyOf(each)))
      for (const {each, seen} of readInstances(unread, wanted, primary, reading[when]))
        remembered.set(keyOf(each), seen)
      return instances.map((each) => {
        return {...each, primary: each === list[when].primary, ...remembered.get(keyOf(each))!}
      })
    },
    text(when, path) {
      if (!path.startsWith('/')) throw new Error(`${path} is not an absolute path`)
      return textOrNull(path, reading[when])
    },
  }

  function stateOf(when: 'before' | 'after', config_directory: string): string {
    const files = [`${config_directory}/main.cf`, `${config_directory}/master.cf`]
    return when === 'after' && files.some(overlaid.touches) ? 'changed' : 'as it is'
  }
}

/** Null where there is no such file. */
export function textOrNull(path: string, read: ReadText = readConfiguration): string | null {
  try {
    return fromBytes(read(path))
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null
    throw error
  }
}

function readInstances(instances: readonly Instance[], wanted: Wanted, primary: Primary, read: ReadText | undefined) {
  const {parameters = [], services = false, listeners = false, tables = false} = wanted
  const directories = instances.map(({config_directory}) => config_directory)
  const names = [...new Set([...parameters, ...(listeners ? listenerParameters : [])])]
  const values = names.length === 0 ? [] : readValues(directories, names, primary, {read})
  return instances.map((each, at) => {
    const found: Values = values[at] ?? new Map()
    const lines = services || listeners ? readServices(each.config_directory, read) : []
    const seen = {
      parameters: Object.fromEntries([...found].filter(([name]) => parameters.includes(name))),
      services: services ? lines.map(toService) : [],
      listeners: listeners ? listenersOf(lines, found, primary) : [],
      tables: tables ? readTables(each.config_directory, primary, read) : [],
    }
    return {each, seen}
  })
}

export function toService(line: string): {name: string; type: string; command: string[]} {
  const [name = '', type = '', , , , , , ...command] = fromBytes(line).split(/\s+/)
  return {name, type, command}
}
