/** A change as the journal remembers it. */

import type {BeforeImage} from './before-image.ts'
import type {Effect} from './plan.ts'
import type {PluginsRequest} from './plugin-change.ts'
import type {Action, Request} from './request.ts'

export interface Beginning {
  request: Request | PluginsRequest
  config_directory: string
  /** ISO 8601. */
  began: string
  pid: number
  uid: number
  /** As sudo(8) has it; null when the user logged in as this one. */
  sudoUser: string | null
  /** As a plan has it. */
  effect?: Action
  also?: Effect[]
  /** Site plugins that --without-plugin skipped. */
  without?: string[]
  /** Why: --reason. */
  reason?: string
  /** For what site plugins did after the change: which of them failed, and how. */
  afterwards?: {failures: string[]}
}

/** What it does, and to what, in a few words. */
export function describeBeginning({
  request,
  config_directory,
}: Pick<Beginning, 'request' | 'config_directory'>): string {
  if (request.action !== 'plugins') return `${request.action} of ${config_directory}`
  return `plugins ${request.how} of ${request.plugins.map(({name}) => name).join(', ')}`
}

/** What a path looked like after the change: kind, mode, owner, and the hash of its content. */
export interface Mark {
  path: string
  mark: string
}

export interface PastChange {
  /** Names it in `postmulti undo`. */
  id: string
  begin: Beginning
  end: 'done' | 'undone' | 'undone in part' | 'unknown'
  /** It has touched nothing: it keeps what site plugins could not do. */
  idle?: boolean
}

/** With what it touched. */
export interface WholeChange extends PastChange {
  /** In the order in which they were written. */
  /** The before-images, by the key of the journal. */
  traces: BeforeImage[]
  after: Mark[]
  /** What could not be brought back, each with its reason. */
  left: string[]
}

/** Changes, oldest first. */
export interface ChangeHistory {
  changes: PastChange[]
  /** Files in which a change was, why it cannot be read, and how many of the others are older. */
  unreadable: {id: string; why: string; olderChanges: number}[]
}

/** What the paths of the change look like now. */
export interface Present {
  marks: Mark[]
  /** Paths in directories that the change made, and that it did not put there. */
  appeared: string[]
}
