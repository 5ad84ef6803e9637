/** The instances and files of the host, before a plan is carried out and as they will be after it. */
import type {Instance} from '../model/instance.ts'
import {readable} from '../model/instance.ts'
import type {Listener} from '../model/listeners.ts'
import type {NamedTable} from '../model/lookup-tables.ts'
import type {Plan} from '../model/plan.ts'
import {errorCode} from '../model/system-error.ts'
import {fromBytes} from '../model/text.ts'
import {readTables} from './details.ts'
import {foresee} from './foresee.ts'
import {readListeners} from './listeners.ts'
import {readServices} from './own-settings.ts'
import type {Primary} from './primary.ts'
import {type ReadText, readConfiguration} from './read-file.ts'
import {readValues} from './values.ts'

/** What to read of each instance besides what it is. */
interface Wanted {
  parameters?: readonly string[]
  services?: boolean
  listeners?: boolean
  tables?: boolean
}

export interface Seen extends Instance {
  /** Expanded; without those that nobody knows. */
  parameters: Record<string, string>
  services: {name: string; type: string; command: string[]}[]
  listeners: Listener[]
  tables: NamedTable[]
}

export interface Views {
  /** Primary first, in start order. Throws what open(2) or postconf(1) says. */
  read(when: 'before' | 'after', wanted: Wanted): Seen[]
  /** Null where there is no such file. */
  text(when: 'before' | 'after', path: string): string | null
}

export function lookAhead({steps, before, after}: Pick<Plan, 'steps' | 'before' | 'after'>, primary: Primary): Views {
  const reading = {before: undefined, after: foresee(steps, readConfiguration)}
  const list = {before: readable(before), after: readable(after)}
  return {
    read: (when, wanted) => readAll(list[when], wanted, primary, reading[when]),
    text(when, path) {
      try {
        return fromBytes((reading[when] ?? readConfiguration)(path))
      } catch (error) {
        if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null
        throw error
      }
    },
  }
}

function readAll(instances: readonly Instance[], wanted: Wanted, primary: Primary, read?: ReadText): Seen[] {
  const {parameters = [], services = false, listeners = false, tables = false} = wanted
  const directories = instances.map(({config_directory}) => config_directory)
  const values = parameters.length === 0 ? [] : readValues(directories, parameters, primary, {read})
  return instances.map((instance, at) => ({
    ...instance,
    parameters: Object.fromEntries(values[at] ?? []),
    services: services ? readServices(instance.config_directory, read).map(toService) : [],
    listeners: listeners ? readListeners(instance, primary, read) : [],
    tables: tables ? readTables(instance.config_directory, primary, read) : [],
  }))
}

function toService(line: string): {name: string; type: string; command: string[]} {
  const [name = '', type = '', , , , , , ...command] = fromBytes(line).split(/\s+/)
  return {name, type, command}
}
