/** What completion offers, and what it is chosen from. */

export interface Candidate {
  word: string
  about: string
}

/** Candidates that begin like the word at the cursor, and what the shell itself shall offer besides. */
export interface Completed {
  candidates: Candidate[]
  besides?: 'files' | 'directories' | 'commands'
}

/** What the host has at the moment. */
export interface Live {
  names(): Candidate[]
  groups(): Candidate[]
  /** Those that the instances of these names know; the primary's where there is none among them. */
  parameters(names: readonly string[]): Candidate[]
  plugins(): Candidate[]
  rules(): Candidate[]
  /** Changes in the history. */
  changes(): Candidate[]
  /** Messages in the queues. */
  messages(): Candidate[]
  /** Of the prototype of master.cf, as NAME/TYPE. */
  services(): Candidate[]
  columns(): Candidate[]
  /** KEY=, or KEY=VALUE where there are few. */
  pluginSettings(): Candidate[]
}

/** A name begun without the prefix is completed without it. */
export function asTyped(candidate: Candidate, current: string): Candidate {
  const short = candidate.word.replace(/^postfix-/, '')
  const isShort = current !== '' && !candidate.word.startsWith(current) && short.startsWith(current)
  return isShort ? {...candidate, word: short} : candidate
}
