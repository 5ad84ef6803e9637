/** What became of one instance when a command ran for several. */
import type {Listed} from './instance.ts'

export interface TurnReport {
  instance: Listed
  /** What postfix(1) or the instance's own command was asked for. */
  word: string
  /** 0 when all is well; 128 + N when signal N ended it. */
  status: number
  /** Why nothing was run; null when something was. */
  skipped: string | null
  stdout: Buffer
  stderr: Buffer
}

/** Nothing was run; `status` says whether that is well. */
export function withoutTurn(instance: Listed, word: string, skipped: string, status: 0 | 1): TurnReport {
  return {instance, word, status, skipped, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0)}
}
