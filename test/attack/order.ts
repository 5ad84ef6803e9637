/** What stop.ts is told, and what it tells. */

/** What the object becomes. `hard link` is one to a file of root's, as where fs.protected_hardlinks is 0. */
export type Way = 'link' | 'hard link' | 'fifo' | 'directory'

/** One part of a path of a call. */
export interface Target {
  path: string
  /** Which of the paths of the call. */
  argument: number
  /** How many components of the path there are up to here: the name may be another in the next run. */
  depth: number
  is: 'directory' | 'file' | 'link' | 'absent' | 'other'
}

export interface Point {
  call: string
  changes: boolean
  /** How many calls that change something there have been, this one included. */
  change: number
  targets: Target[]
}

export interface Order {
  /** Users who attack. */
  attackers: {uid: number; gid: number}[]
  /** Write each point as a line of JSON into this file. */
  list?: string
  /** Replace a target at this point, counted from 1. `back`: only for the one call. */
  swap?: {point: number; argument: number; depth: number; way: Way; back: boolean}
  /** Where to write what the canaries are like after that. */
  expected?: string
  /** End as by kill -9 before this change, counted from 1. */
  kill?: number
}

export const orderVariable = 'POSTMULTI_TEST_ATTACK'
