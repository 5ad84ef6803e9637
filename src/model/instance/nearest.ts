/** Typing errors: what an unknown word may have meant. */
import {distance} from 'fastest-levenshtein'
import {type Instance, operandOf} from './instance.ts'
import {namePrefix} from './names.ts'

/** More could not be seen at a glance. */
const enough = 3

/** Those of `known` that come nearest: spelled alike, or beginning like this; at most three. */
export function nearest(word: string, known: readonly string[]): string[] {
  return rank(word, known, (each) => each)
}

/** What one types for instances that `name` may have meant, with or without the prefix. */
export function nearestInstances(name: string, instances: readonly Instance[]): string[] {
  return rank(bareName(name), instances.map(operandOf), bareName)
}

function rank(word: string, known: readonly string[], spelling: (each: string) => string): string[] {
  const tolerance = Math.max(1, Math.min(3, Math.floor(word.length / 3)))
  const measured = [...new Set(known)].map((each) => ({
    each,
    far: howFar(word.toLowerCase(), spelling(each).toLowerCase()),
  }))
  const least = Math.min(...measured.map(({far}) => far))
  return (
    measured
      .filter(({far}) => far === least && far <= tolerance)
      // A slip of the fingers before a word that is not finished.
      .toSorted((one, other) => unlike(word, spelling(one.each)) - unlike(word, spelling(other.each)))
      .slice(0, enough)
      .map(({each}) => each)
  )
}

/** A beginning counts as one error, however much is missing; so do letters in the wrong order. */
function howFar(word: string, known: string): number {
  if (word.length > 1 && known.startsWith(word)) return 1
  return sorted(word) === sorted(known) ? Math.min(1, distance(word, known)) : distance(word, known)
}

function unlike(word: string, known: string): number {
  return Math.abs(word.length - known.length)
}

function sorted(word: string): string {
  return [...word].sort().join('')
}

function bareName(name: string): string {
  return name.startsWith(namePrefix) ? name.slice(namePrefix.length) : name
}
