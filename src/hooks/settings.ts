/** What can be set for a plugin: proposed in its package.json, and decided by the site in plugins.json. */
import {isRecord} from '../model/base/json.ts'
import {nearest} from '../model/instance/nearest.ts'
import {Faulty} from './faulty.ts'

export const pluginModes = ['on', 'locked', 'advise', 'off'] as const

export type Mode = (typeof pluginModes)[number]

export interface PluginSettings {
  mode?: Mode
  /** Smaller ones are asked first. */
  priority?: number
  /** Seconds. */
  timeout?: number
  settings?: Record<string, unknown>
}

export const settingNames = ['mode', 'priority', 'timeout', 'settings'] as const

/** The same value. `where` begins the message of the Faulty that is thrown. */
export function checkSettings(
  where: string,
  value: unknown = {},
  known: readonly string[] = settingNames,
): PluginSettings {
  if (!isRecord(value)) throw new Faulty(`${where} is not an object`)
  for (const each of Object.keys(value)) {
    if (known.includes(each)) continue
    const [meant] = nearest(each, known)
    const others = meant === undefined ? `settings are ${known.join(', ')}` : `did you mean ${meant}?`
    throw new Faulty(`${where} has no setting ${each}: ${others}`)
  }
  const {mode, priority, timeout, settings} = value
  const isWrong = (name: string, given: unknown, wanted: string): Faulty =>
    new Faulty(`${where}: ${name} is ${JSON.stringify(given)}, not ${wanted}`)
  if (mode !== undefined && !pluginModes.includes(mode as Mode))
    throw isWrong('mode', mode, 'on, locked, advise or off')
  if (priority !== undefined && typeof priority !== 'number') throw isWrong('priority', priority, 'a number')
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout > 0)) {
    throw isWrong('timeout', timeout, 'a number of seconds')
  }
  if (settings !== undefined && !isRecord(settings)) throw isWrong('settings', settings, 'an object')
  return value
}
