/** Under whom a program of a change runs. It follows from whose the directories are in which it finds its files. */

import type {Suggestion} from '../base/suggestion.ts'
import type {RunProgram} from './plan.ts'

/** What decides it. */
export type Program = Pick<RunProgram, 'words' | 'directory' | 'changes'>

export interface Account {
  user: string
  uid: number
  gid: number
}

export type Runner =
  | {as: 'root'}
  | ({as: 'owner'} & Account)
  /** It may not run: `why` is a part of a sentence, and `remedy` what may be typed. */
  | {as: 'none'; why: string; remedy: Suggestion[]}
