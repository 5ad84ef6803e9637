/** How often something happened within the last minute, by whom it happened to. */
import {type EventKind, eventKinds} from './mail-events.ts'

/** Per minute. */
export type Rates = Record<EventKind, number>

export interface Tally {
  /** From then on (in seconds since 1970) nothing is missed. What began already goes on. */
  begin(owner: string, second: number): void
  add(owner: string, kind: EventKind, second: number): void
  /** Null for one that has not begun. Forgets what is older. */
  rates(owner: string, now: number): Rates | null
}

/** In seconds. */
export const window = 60

interface LogOwner {
  since: number
  /** By second. */
  counts: Map<number, Rates>
}

export function makeTally(): Tally {
  const known = new Map<string, LogOwner>()
  return {
    begin(owner, second) {
      if (!known.has(owner)) known.set(owner, {since: second, counts: new Map()})
    },
    add(owner, kind, second) {
      const counts = known.get(owner)?.counts
      if (counts === undefined) return
      let ofSecond = counts.get(second)
      if (ofSecond === undefined) {
        ofSecond = none()
        counts.set(second, ofSecond)
      }
      ofSecond[kind]++
    },
    rates(owner, now) {
      const found = known.get(owner)
      if (found === undefined) return null
      const sums = none()
      for (const [second, ofSecond] of found.counts) {
        if (second <= now - window) found.counts.delete(second)
        else for (const kind of eventKinds) sums[kind] += ofSecond[kind]
      }
      // A part of a minute is scaled up to a whole one; its first second does not count.
      const watched = Math.min(window, Math.max(5, now - found.since))
      for (const kind of eventKinds) sums[kind] = (sums[kind] * window) / watched
      return sums
    },
  }
}

function none(): Rates {
  return Object.fromEntries(eventKinds.map((kind) => [kind, 0])) as Rates
}
