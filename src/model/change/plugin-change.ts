/** A change of the site plugins, as the history has it. */
import {operands, type Suggestion, suggest} from '../base/suggestion.ts'

/** Plugins are not asked about it, and `undo` passes it over: it has commands of its own to take it back. */
export interface PluginsRequest {
  action: 'plugins'
  how: 'install' | 'uninstall' | 'rollback' | 'config'
  plugins: PluginChange[]
}

export interface PluginChange {
  name: string
  /** `version` and `source`, or for `config` what plugins.json says of it; null where it was not installed. */
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

interface ChangedSetting {
  key: string
  /** Absent where it was not set. */
  before: string | undefined
  after: string | undefined
}

/** Settings as `plugins config` takes them. */
export function toAssignments({settings = {}, ...others}: Record<string, unknown>): Map<string, string> {
  const own = Object.entries(settings as object).map(([key, value]) => [`settings.${key}`, value] as const)
  const all = [...Object.entries(others), ...own]
  return new Map(all.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]))
}

export function changedSettings({before, after}: PluginChange): ChangedSetting[] {
  const [was, becomes] = [toAssignments(before ?? {}), toAssignments(after ?? {})]
  const changed = [...new Set([...was.keys(), ...becomes.keys()])].filter((key) => was.get(key) !== becomes.get(key))
  return changed.map((key) => ({key, before: was.get(key), after: becomes.get(key)}))
}

/** What takes it back, for each of the plugins. */
export function commandsAgainst({how, plugins}: PluginsRequest): Suggestion[] {
  return plugins.map((each) => {
    const {name, before, after} = each
    if (how === 'config') {
      const words = changedSettings(each).map((one) => `${one.key}=${one.before ?? ''}`)
      return suggest`postmulti plugins config ${operands(name, ...words)}`
    }
    if (before === null) return suggest`postmulti plugins uninstall ${operands(name)}`
    if (after === null) return suggest`postmulti plugins install ${operands(String(before.source))}`
    return suggest`postmulti plugins rollback ${operands(name)}`
  })
}
