/**
 * How much mail each instance held when root looked last at all of them, for the growth since then. It may be lost, as
 * everything in the cache; no one else may read it, as with the queues.
 */
import {cacheDirectory} from '../../model/base/places.ts'
import {keepInCache, readFromCache} from '../reader/keep-in-cache.ts'

export interface MessageTotals {
  at: Date
  /** Messages by config_directory. */
  totals: ReadonlyMap<string, number>
}

const totalsFile = `${cacheDirectory}/last-look.json`

/** Undefined where there is none that the caller may read. */
export function readLastTotals(file = totalsFile): MessageTotals | undefined {
  try {
    const {at, totals} = JSON.parse(readFromCache(file) ?? 'null')
    const counts = Object.entries(totals).filter((each): each is [string, number] => Number.isInteger(each[1]))
    const time = new Date(at)
    return Number.isNaN(time.getTime()) ? undefined : {at: time, totals: new Map(counts)}
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

/** What was seen is told even where it cannot be kept. */
export function keepTotals({at, totals}: MessageTotals, file = totalsFile): void {
  keepInCache(file, JSON.stringify({at, totals: Object.fromEntries(totals)}), 0o600)
}
