/**
 * What the engine asks the site plugins and what it gets back. Hooks are asked, not run: they answer with findings and
 * steps, and only apply acts. Who is asked, how, and what counts as an answer is the business of src/hooks/.
 */
import type {Event, InstanceView, PlannedStep, Wanted, When} from '@postmulti/plugin-api'
import {type Suggestion, toLines} from './model/base/suggestion.ts'
import type {Step} from './model/change/plan.ts'
import type {Request} from './model/change/request.ts'
import type {InstanceList} from './model/instance/instance.ts'

export type {Event}

/** A question, as the engine puts it to all who have subscribed. */
export interface Asked {
  event: Event
  request: Request | {action: 'start'}
  plan: PlannedStep[]
  subjects: string[]
  before: InstanceList
  after: InstanceList
  dryRun: boolean
  /** Primary first, in start order, without those that cannot be read. */
  read(when: When, wanted: Wanted): InstanceView[]
  text(when: When, path: string): string | null
}

export interface PluginFinding {
  /** Who says so. */
  plugin: string
  verdict: 'refuse' | 'warn' | 'note'
  message: string
  rule: string | null
  suggestions: readonly Suggestion[]
  /** The config_directory of the instance that it is about. */
  instance: string | null
  /** Without the hint how to skip the plugin. */
  locked?: true
}

/** On one line, with who says so; that is postmulti itself where it names no plugin. */
export function describeFinding({message, plugin}: PluginFinding): string {
  return plugin === '' ? message : `${message} (plugin ${plugin})`
}

/** The same for one that refuses nothing: what to type goes with it. */
export function remarkOn(finding: PluginFinding): string {
  const [likeliest] = toLines(finding.suggestions)
  return likeliest === undefined ? describeFinding(finding) : `${describeFinding(finding)}; try: ${likeliest}`
}

export interface PluginAnswers {
  /** Ordered by the plugins' priorities and names, whatever order they arrived in. */
  findings: PluginFinding[]
  /** Carried out before the plan's own steps, and after them. */
  first: Step[]
  last: Step[]
  /** After a change: why a plugin could not be asked. Before it, that is a refusal. */
  failures: PluginFinding[]
}

/** Throws nothing: before a change a plugin that fails refuses it. */
export type Ask = (asked: Asked) => Promise<PluginAnswers>
