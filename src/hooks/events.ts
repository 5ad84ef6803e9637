/** The events that a plugin can subscribe to. Source: plugins/plugin-api/src/index.ts, which is what plugins see. */

const changes = ['create', 'import', 'destroy', 'deport', 'enable', 'disable', 'assign', 'init', 'set'] as const

export type Event = `${'pre' | 'post'}-${(typeof changes)[number]}` | 'pre-start'

export const events: readonly Event[] = [
  ...changes.flatMap((each) => [`pre-${each}`, `post-${each}`] as const),
  'pre-start',
]

export function isEvent(word: string): word is Event {
  return (events as readonly string[]).includes(word)
}
