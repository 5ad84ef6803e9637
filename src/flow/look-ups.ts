/**
 * Tables that have to be asked key by key. Nothing here asks one: where an answer is missing, the look-up comes back as a
 * value, and the way is followed again when there is an answer to it.
 */
import type {Tables, View} from './view.ts'

/** Of a table of this instance. */
export interface LookUp {
  table: string
  key: string
  view: View
}

/** As Tables: null where there is no such key, undefined where it cannot be told. */
type LookUpAnswer = ReturnType<Tables['find']>

class MissingAnswer extends Error {
  readonly lookUp: LookUp

  constructor(lookUp: LookUp) {
    super(`${lookUp.table} has not been asked for ${lookUp.key}`)
    this.lookUp = lookUp
  }
}

export class AnsweredTables implements Tables {
  readonly #answers = new Map<string, LookUpAnswer>()

  answer({table, key}: LookUp, answer: LookUpAnswer): void {
    this.#answers.set(`${table} ${key}`, answer)
  }

  entries(): null {
    return null
  }

  find(table: string, key: string, view: View): LookUpAnswer {
    const known = `${table} ${key}`
    if (!this.#answers.has(known)) throw new MissingAnswer({table, key, view})
    return this.#answers.get(known)
  }
}

/** What comes of it, or the first look-up that is not answered yet. */
export function untilAsked<Found>(follow: () => Found): {found: Found} | {lookUp: LookUp} {
  try {
    return {found: follow()}
  } catch (error) {
    if (error instanceof MissingAnswer) return {lookUp: error.lookUp}
    throw error
  }
}
