/** What of an instance changes by itself. Read in postfix/state.ts. */

/** Null for one that is stopped; 'unknown' where the reader has not the right to look. */
export type State = {pid: number; since: Date} | null | 'unknown'

/** Messages by queue. */
export type Queued = Record<string, number>

export function totalOf(queued: Queued): number {
  return Object.values(queued).reduce((sum, each) => sum + each, 0)
}
