/** What makes one main.cf different from another. Values are as they are written, with single blanks. */

export interface Difference {
  name: string
  /** Null where this main.cf does not set it. */
  value: string | null
  /** Null where the other main.cf does not set it. */
  other: string | null
}

/** By name. `without`: names that are of no interest. */
export function compareSettings(
  own: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
  without: readonly string[],
): Difference[] {
  return [...new Set([...own.keys(), ...others.keys()])]
    .filter((name) => own.get(name) !== others.get(name) && !without.includes(name))
    .sort()
    .map((name) => ({name, value: own.get(name) ?? null, other: others.get(name) ?? null}))
}
