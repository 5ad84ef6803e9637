/** What refuse.ts is told, and what it tells. */

/** One call of the system: of those of one kind with one path, the one that comes as number `nth`, counted from 1. */
export interface Point {
  call: string
  /** As it is in every run: what chance gives a name stands as '*'. */
  path: string
  nth: number
}

export interface Order {
  /** Write each point as a line of JSON into this file, at the end. */
  list?: string
  /** `error` is a code like EIO; SIGKILL ends the program right after the call. */
  fail?: Point & {error: string}
  /** Is made when that point is reached. */
  hit?: string
}

export const orderVariable = 'POSTMULTI_TEST_FAULT'
