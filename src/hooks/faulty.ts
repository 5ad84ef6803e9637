/** Why a plugin, or a file that tells of plugins, cannot be used: thrown where it is found, and a value of the roster. */

import {dirname} from 'node:path'
import {readText} from '../files/read.ts'
import {Refusal} from '../model/base/errors.ts'
import {isRecord} from '../model/base/json.ts'
import type {Suggestion} from '../model/base/suggestion.ts'
import {errorCode, explainError} from '../model/base/system-error.ts'
import {findUntrusted} from './trust.ts'

export class Faulty extends Refusal {
  override name = 'Faulty'
  /** Commands that mend it. */
  readonly remedy: readonly Suggestion[]

  constructor(message: string, remedy: readonly Suggestion[] = []) {
    super(message, {suggestions: remedy})
    this.remedy = remedy
  }
}

export function orFault<T>(read: () => T): T | Faulty {
  try {
    return read()
  } catch (error) {
    if (error instanceof Faulty) return error
    throw error
  }
}

/** The object in a file of JSON; undefined when there is no file. */
export function readJson(path: string): Record<string, unknown> | undefined {
  const text = readIfThere(path)
  if (text === undefined) return undefined
  const value = parseJson(path, text)
  if (!isRecord(value)) throw new Faulty(`${path} is not a JSON object`)
  return value
}

/** As readJson, of a file that only root can change; empty when there is none. */
export function readTrustedJson(path: string): Record<string, unknown> {
  const read = readJson(path)
  if (read === undefined) return Object.create(null)
  const untrusted = findUntrusted(path, dirname(path))
  if (untrusted !== undefined) throw new Faulty(untrusted.why, untrusted.remedy)
  // A plugin called like a member of every object has only what is written there.
  return Object.assign(Object.create(null), read)
}

function readIfThere(path: string): string | undefined {
  try {
    return readText(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw new Faulty(`${path}: ${explainError(error)}`)
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Faulty(`${path} is not JSON: ${error.message}`)
  }
}
