/** What `postmulti check` has found: where a rule is broken, what comes of it, and what to type. */

import type {Suggestion} from '../base/suggestion.ts'
import type {Step} from './plan.ts'

/** error: mail is lost, refused or stays where it is. warning: it will be, some day. advice: people will be misled. */
export type Severity = 'error' | 'warning' | 'advice'

export interface Finding {
  /** Its id. */
  rule: string
  severity: Severity
  /** config_directories; none for what is about the host. */
  instances: string[]
  file: string | null
  line: number | null
  /** What is wrong and what will happen, in one sentence without a full stop. */
  message: string
  /** Commands that can be pasted, likeliest first. */
  suggestions: readonly Suggestion[]
  /** What mends it, where there is one safe answer; null where somebody must choose. */
  fix: Step[] | null
}

/** What is known of a rule before it is asked. */
export interface RuleCard {
  id: string
  /** What it mostly finds; null where only its findings tell. */
  severity: Severity | null
  /** What happens where it is broken, and where that was seen. */
  because: string
}
