/** Names that one slip of a finger turns into each other. */
import {distance} from 'fastest-levenshtein'

/** Numbers do not count: they are there to differ. */
export function findAlike(name: string, names: readonly string[]): string | undefined {
  return names.find((each) => distance(withoutNumber(each), withoutNumber(name)) === 1)
}

function withoutNumber(name: string): string {
  return name.replace(/[0-9]+$/, '')
}
