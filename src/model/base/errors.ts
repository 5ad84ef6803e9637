/**
 * The two kinds of failure that a user can mend. Anything else is our defect and keeps its stack.
 * Text is made from them in one place per entry point.
 */

import type {Suggestion} from './suggestion.ts'

/**
 * usage: what was typed is wrong on any host. not found: it names what is not there. conflict: another instance, a
 * process or a later change has what it wants, or stands against it. refused: anything else that does.
 */
export type RefusalKind = 'usage' | 'not found' | 'conflict' | 'refused'

export interface RefusalDetails {
  /** The same thing explained to people who typed a sub-command; the message serves when absent. */
  explained?: string
  /** Commands that can be pasted, likeliest first. */
  suggestions?: readonly Suggestion[]
  /** 'refused' when absent. */
  kind?: RefusalKind
  /** The instance, group or parameter that was asked for but is not there, and what it may have meant, likeliest first. */
  misnamed?: Misnamed
  /** Root may do what was typed. */
  forRoot?: boolean
  /** Which of Postfix's programs says this in the classic interface; postmulti itself when absent. */
  speaker?: 'postmulti-script'
  /** The site plugin that refuses, and that can be skipped. */
  plugin?: string
}

export interface Misnamed {
  /** As it was typed. */
  name: string
  /** Names in its place. */
  nearest: string[]
}

/**
 * The request or the present state forbids it; nothing was changed.
 * The message is in postmulti(1)'s words where that program has words for it.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly explained: string
  readonly suggestions: readonly Suggestion[]
  readonly kind: RefusalKind
  readonly misnamed: Misnamed | undefined
  readonly forRoot: boolean
  readonly speaker: 'postmulti-script' | undefined
  readonly plugin: string | undefined

  constructor(message: string, details: RefusalDetails = {}) {
    super(message)
    this.explained = details.explained ?? message
    this.suggestions = details.suggestions ?? []
    this.kind = details.kind ?? 'refused'
    this.misnamed = details.misnamed
    this.forRoot = details.forRoot ?? false
    this.speaker = details.speaker
    this.plugin = details.plugin
  }
}

/** A program or a system call that a change needs failed. */
export class ToolFailure extends Error {
  override name = 'ToolFailure'
  /** As one would type it. */
  readonly command: string
  /** Exit status; null when a signal ended it or it could not be started. */
  readonly status: number | null
  /** What it wrote on stderr, or the system's reason. */
  readonly said: string

  constructor(command: string, status: number | null, said: string) {
    super(said.trim() === '' ? `${command} failed with status ${status}` : `${command}: ${said.trim()}`)
    this.command = command
    this.status = status
    this.said = said
  }
}
