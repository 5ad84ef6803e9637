/** Findings that the site has accepted: /etc/postmulti/check.json, which only root can change. */

import {Refusal} from '../model/base/errors.ts'
import {isRecord} from '../model/base/json.ts'
import {policyDirectory} from '../model/base/places.ts'
import type {Finding} from '../model/change/finding.ts'
import {Faulty, readTrustedJson} from './faulty.ts'

export interface Suppression {
  rule: string
  /** As it is written: a name, a config_directory, or '-' for the primary. */
  instance: string
  reason: string
}

export type SuppressedFinding = Finding & {reason: string}

export const suppressionsFile = `${policyDirectory}/check.json`

/** Refuses a file that is invalid, or that somebody else could have written. */
export function readSuppressions(path = suppressionsFile): Suppression[] {
  try {
    const {accepted = [], ...others} = readTrustedJson(path)
    const [stranger] = Object.keys(others)
    if (stranger !== undefined) throw new Faulty(`${path}: unknown key ${stranger}: "accepted" is the only one`)
    if (!Array.isArray(accepted) || !accepted.every(isSuppression)) {
      throw new Faulty(
        `${path}: "accepted" must be an array of {"rule": ID, "instance": NAME, "reason": TEXT}; every field is required`,
      )
    }
    return accepted
  } catch (error) {
    if (!(error instanceof Faulty)) throw error
    throw new Refusal(error.message, {suggestions: error.remedy})
  }
}

function isSuppression(value: unknown): value is Suppression {
  if (!isRecord(value)) return false
  const {rule, instance, reason, ...others} = value
  const areTexts = [rule, instance, reason].every((each) => typeof each === 'string' && each.trim() !== '')
  return areTexts && Object.keys(others).length === 0
}
