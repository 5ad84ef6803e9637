/** One thing of the host that was looked at: whether it is ready for many instances, and for this program. */
import type {Suggestion} from '../base/suggestion.ts'
export interface Examination {
  /** What it is about, in a word or two. */
  what: string
  /** advice: all works, and could be better. */
  verdict: 'ok' | 'advice' | 'fault'
  /** What is so, in one sentence without a full stop. */
  found: string
  /** Commands that mend it, likeliest first. */
  remedy: readonly Suggestion[]
}

export function ok(what: string, found: string): Examination {
  return {what, verdict: 'ok', found, remedy: []}
}

export function advice(what: string, found: string, ...remedy: readonly Suggestion[]): Examination {
  return {what, verdict: 'advice', found, remedy}
}

export function fault(what: string, found: string, ...remedy: readonly Suggestion[]): Examination {
  return {what, verdict: 'fault', found, remedy}
}
