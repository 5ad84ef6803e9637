/**
 * The bridge to the site plugins: a life-cycle change is put to every subscriber before and after it happens.
 * Hooks are asked, not run: they answer with findings and steps, and only apply acts.
 */
import type {Plan, Step} from './model/plan.ts'
import type {Action} from './model/request.ts'

export type Event = `pre-${Action}` | `post-${Action}`

export interface Finding {
  /** Who says so. */
  plugin: string
  /** Only before a change: afterwards it is a warning. */
  verdict: 'refuse' | 'warn'
  message: string
  suggestions: string[]
}

export interface Answers {
  findings: Finding[]
  /** Carried out after the plan's own steps, told, journaled and taken back like them. */
  steps: Step[]
}

/** Answers come ordered by plugin name, whatever order they arrived in. Throws nothing: a failing plugin refuses. */
export type Ask = (event: Event, plan: Plan) => Promise<Answers>

/** A host without site plugins. */
export const askNobody: Ask = async () => ({findings: [], steps: []})
