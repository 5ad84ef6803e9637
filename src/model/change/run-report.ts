/** What became of one instance when a command ran for several. */

import type {Suggestion} from '../base/suggestion.ts'
import type {Listed} from '../instance/instance.ts'

export interface RunReport {
  instance: Listed
  /** What postfix(1) or the instance's own command was asked for. */
  word: string
  /** 0 when all is well; 128 + N when signal N ended it. */
  status: number
  /** Why nothing was run; null when something was. */
  skipped: string | null
  /** Why it counts as failed, where its program does not say so; null else. */
  reason: string | null
  /** None when all is well, or it is not known what may help. */
  suggestions: readonly Suggestion[]
  stdout: Buffer
  stderr: Buffer
}

/** Nothing was run; `status` says whether that is well. */
export function withoutRun(instance: Listed, word: string, skipped: string, status: 0 | 1): RunReport {
  const said = {stdout: Buffer.alloc(0), stderr: Buffer.alloc(0)}
  return {instance, word, status, skipped, reason: null, suggestions: [], ...said}
}
