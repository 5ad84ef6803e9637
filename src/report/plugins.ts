/** Plugins for people and for programs. */
import type {RosterPlugin} from '../hooks/roster.ts'
import {toLines} from '../model/base/suggestion.ts'
import {toAssignments} from '../model/change/plugin-change.ts'
import {type Terminal, toTable} from './terminal/table.ts'

export interface PluginJson {
  name: string
  /** Null when unknown. */
  version: string | null
  bundled: boolean
  mode: RosterPlugin['mode']
  priority: number
  /** Seconds. */
  timeout: number
  settings: Record<string, unknown>
  /** Events. */
  hooks: string[]
  /** What its files were when it was installed; null for a bundled one. */
  integrity: string | null
  /** What it was installed from; null for a bundled one. */
  source: string | null
  /** Null where it brings none. */
  commands: 'allowed' | 'not allowed' | null
  /** That a rollback brings back; null where none is kept. */
  previous_version: string | null
  /** Why it cannot be used. */
  fault: string | null
  remedy: string[]
}

/** Enough to see that two are the same. */
const shortIntegrity = 'sha512-'.length + 8

export function toPluginJson(plugin: RosterPlugin): PluginJson {
  const {name, version, bundled, mode, priority, timeout, settings, pin, commands, fault, remedy} = plugin
  return {
    name,
    version: version === '' ? null : version,
    ...{bundled, mode, priority, timeout, settings},
    hooks: eventsOf(plugin),
    integrity: pin?.integrity ?? null,
    source: pin?.source ?? null,
    commands: commands ?? null,
    previous_version: pin?.before?.version ?? null,
    fault: fault ?? null,
    remedy: toLines(remedy),
  }
}

export function toPluginTable(plugins: readonly RosterPlugin[], terminal: Terminal): string {
  if (plugins.length === 0) return 'There are no plugins. Next: postmulti plugins install --help'
  const spare: Record<string, number> = {INTEGRITY: 1, FROM: 2}
  const columns = ['NAME', 'VERSION', 'FROM', 'MODE', 'INTEGRITY', 'HOOKS'].map((heading) => {
    return {heading, spare: spare[heading], prose: heading === 'HOOKS'}
  })
  const rows = plugins.map((each) => {
    const {name, version, bundled, mode, pin, commands, fault} = each
    const from = bundled ? 'postmulti' : 'installed'
    const state = fault === undefined ? mode : 'broken'
    const cells = [name, version, from, state, pin?.integrity.slice(0, shortIntegrity) ?? '', eventsOf(each).join(' ')]
    const style = fault === undefined ? undefined : ('red' as const)
    return {
      cells: cells.map((text, at) => (at === 3 && style !== undefined ? {text, style} : {text})),
      ...(commands === undefined ? {} : {note: `commands ${commands}`}),
    }
  })
  return toTable(columns, rows, terminal)
}

/** As `plugins config` takes them. */
export function describeSettings({mode, priority, timeout, settings}: RosterPlugin): string {
  return [...toAssignments({mode, priority, timeout, settings})].map(([key, value]) => `${key}=${value}`).join('\n')
}

/** One line what, then what to type. */
export function describeFault({name, fault, remedy}: Pick<PluginJson, 'name' | 'fault' | 'remedy'>): string {
  return [`${name}: ${fault}`, ...remedy.map((each) => `  try: ${each}`)].join('\n')
}

function eventsOf({hooks}: RosterPlugin): string[] {
  return [...new Set(hooks.map(({event}) => event))]
}
