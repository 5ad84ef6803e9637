/** The events that a plugin can subscribe to, one by one. */
import type {Event} from '@postmulti/plugin-api'

const changes = ['create', 'import', 'destroy', 'deport', 'enable', 'disable', 'assign', 'init', 'set'] as const

export type {Event}

export const events: readonly Event[] = [
  ...changes.flatMap((each) => [`pre-${each}`, `post-${each}`] as const),
  'pre-start',
]

export function isEvent(word: string): word is Event {
  return (events as readonly string[]).includes(word)
}
