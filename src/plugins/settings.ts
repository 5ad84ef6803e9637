/** What the site sets for plugins, in a file that people may edit as well. */

import {Faulty, orFault, readTrustedJson} from '../hooks/faulty.ts'
import {pluginPlaces, type RosterPlugin, readRoster, standIns} from '../hooks/roster.ts'
import {checkSettings, pluginModes, settingNames} from '../hooks/settings.ts'
import {Refusal} from '../model/base/errors.ts'
import {isRecord} from '../model/base/json.ts'
import {type Suggestion, suggest} from '../model/base/suggestion.ts'
import {changedSettings} from '../model/change/plugin-change.ts'
import {nearest} from '../model/instance/nearest.ts'
import {checkMayChangePlugins, type PluginCommand, whileLocked} from './place.ts'

/** KEY=VALUE as it was typed; no VALUE takes the setting back. */
interface Assignment {
  key: string
  value: string
}

const command = ['postmulti', 'plugins', 'config']

/** The plugin as it is then. Throws a Refusal for an invalid word, and changes nothing. */
export async function setForPlugin(
  name: string,
  words: readonly string[],
  change: PluginCommand,
): Promise<RosterPlugin> {
  if (words.length > 0) checkMayChangePlugins()
  const found = findPlugin(name, words)
  if (words.length === 0) return found
  const assignments = words.map((each) => readAssignment(each, name))
  await whileLocked(change, async ({write}) => {
    const path = pluginPlaces().settings
    const all = readTrustedJson(path)
    const before = isRecord(all[name]) ? all[name] : {}
    const own = assignments.reduce(assign, before)
    const checked = orFault(() => checkSettings(name, own))
    if (checked instanceof Faulty) {
      throw new Refusal(checked.message, {
        kind: 'usage',
        suggestions: [...withMode(name, words), [...command, '--help']],
      })
    }
    const {[name]: _, ...others} = all
    const changed = {name, before, after: own}
    const plugins = [changed]
    if (changedSettings(changed).length === 0) return
    const becomes = Object.keys(own).length === 0 ? others : {...others, [name]: own}
    await write(path, becomes, {action: 'plugins', how: 'config', plugins})
  })
  return findPlugin(name, [])
}

/** The same words with the modes that may have been meant. */
function withMode(name: string, words: readonly string[]): Suggestion[] {
  const at = words.findIndex((each) => each.startsWith('mode='))
  const [, mode] = words[at]?.split('=') ?? []
  const meant =
    mode === undefined || (pluginModes as readonly string[]).includes(mode) ? [] : nearest(mode, pluginModes)
  return meant.map((each) => [...command, name, ...words.with(at, `mode=${each}`)])
}

/** Names for which something is set, although there is no such plugin. */
export function findUnused(
  plugins: readonly RosterPlugin[],
): {name: string; fault: string; remedy: readonly Suggestion[]}[] {
  const path = pluginPlaces().settings
  const all = orFault(() => readTrustedJson(path))
  if (all instanceof Faulty) return []
  const known = plugins.map((each) => each.name)
  return Object.entries(all).flatMap(([name, own]) => {
    // What was said to the plugin of this name holds for units of systemd, which no plugin handles any more.
    if (known.includes(name) || name === 'systemd') return []
    const keys = isRecord(own)
      ? Object.keys(own).flatMap((key) => (key === 'settings' ? keysOf(own.settings) : key))
      : []
    const meant = nearest(name, known)
    const why = meant.length > 0 ? `there is ${meant.join(', ')}` : 'there is no such plugin'
    const remedy = [[...command, name, ...keys.map((each) => `${each}=`)]]
    return [{name, fault: `${path} sets something for it, and ${why}`, remedy}]
  })
}

function keysOf(settings: unknown): string[] {
  return isRecord(settings) ? Object.keys(settings).map((each) => `settings.${each}`) : ['settings']
}

function findPlugin(name: string, words: readonly string[]): RosterPlugin {
  const plugins = readRoster()
  const broken = plugins.find((each) => each.name === standIns.settings)
  if (broken?.fault !== undefined) throw new Refusal(broken.fault, {suggestions: broken.remedy})
  const found = plugins.find((each) => each.name === name)
  if (found !== undefined) return found
  const meant = nearest(
    name,
    plugins.map((each) => each.name),
  )
  throw new Refusal(`There is no plugin ${name}`, {
    kind: 'not found',
    suggestions: [...meant.map((each) => [...command, each, ...words]), suggest`postmulti plugins`],
  })
}

function readAssignment(word: string, name: string): Assignment {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(word) ?? []
  if (key === undefined || value === undefined) {
    throw new Refusal(`'${word}' is not KEY=VALUE`, {kind: 'usage', suggestions: [[...command, name, `${word}=`]]})
  }
  if (key.startsWith('settings.') && key !== 'settings.') return {key, value}
  const known = settingNames.filter((each) => each !== 'settings')
  if ((known as string[]).includes(key)) return {key, value}
  const meant = nearest(key, known)
  throw new Refusal(`Plugins have no ${key}: there are ${known.join(', ')} and settings.NAME`, {
    kind: 'usage',
    suggestions: [...meant, `settings.${key}`].map((each) => [...command, name, `${each}=${value}`]),
  })
}

function assign(own: Record<string, unknown>, {key, value}: Assignment): Record<string, unknown> {
  const [, inner] = /^settings\.(.+)$/s.exec(key) ?? []
  if (inner === undefined) return withMember(own, key, value === '' ? undefined : parseValue(value))
  const settings = isRecord(own.settings) ? own.settings : {}
  const changed = withMember(settings, inner, value === '' ? undefined : parseValue(value))
  return withMember(own, 'settings', Object.keys(changed).length === 0 ? undefined : changed)
}

function withMember(record: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> {
  const {[key]: _, ...others} = record
  return value === undefined ? others : {...others, [key]: value}
}

/** What is not JSON is text: neither needs quotes that a shell would take away. */
function parseValue(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return value
  }
}
