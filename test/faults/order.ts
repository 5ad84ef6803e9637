/** What refuse.ts is told, and what it tells. */

/** One call of the system: of those of one kind with one path, the one that comes as number `nth`, counted from 1. */
export interface Point {
  call: string
  /** As it is in every run: what chance gives a name stands as '*'. */
  path: string
  nth: number
}

export interface Fault extends Point {
  /** A code like EIO; SIGKILL ends the program right after the call. */
  error: string
  /** All later calls of this kind with this path fail as well, as on a disk that is full. */
  lasts: boolean
}

export interface Order {
  /** Write each point as a line of JSON into this file, at the end. */
  list?: string
  fail?: Fault
  /** Is made when that point is reached. */
  hit?: string
}

export const orderVariable = 'POSTMULTI_TEST_FAULT'
