/** What a function refuses, for tests that look closely. */
import assert from 'node:assert/strict'
import {Refusal} from '../src/model/base/errors.ts'

export function refusalOf(act: () => unknown): Refusal {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new assert.AssertionError({message: 'not refused'})
}
