/** Whether a word did what it is for, judged by what runs afterwards, and whether its exit status says so. */
import type {Step} from './draw.ts'

/** By instance, in start order: the pid of a master(8) that lives and holds its lock, null for none. */
export type Masters = (number | null)[]

/** What became of one step on one host. */
export interface Played {
  /** 0 when nothing complained. */
  status: number
  text: string
  before: Masters
  after: Masters
  /** Each KILL that postfix-script sent, by the milliseconds since its TERM. */
  kills: number[]
}

/** Undefined when all is well; postfix(1) may complain of what is so already. */
export function findFailure(word: Step['word'], {status, before, after}: Played): string | undefined {
  const ran = before.every((each) => each !== null)
  const rested = before.every((each) => each === null)
  if (!isReached(word, before, after)) {
    const what = `${word} left ${after.map((each) => (each === null ? 'stopped' : 'running')).join(', ')}`
    return status === 0 ? `${what}, and said that all is well` : what
  }
  const wasSo = word === 'start' ? !rested : !ran
  if (word === 'reload' && rested && status === 0) return 'reload of what does not run said that all is well'
  return status !== 0 && !wasSo ? `${word} ended with ${status}` : undefined
}

function isReached(word: Step['word'], before: Masters, after: Masters): boolean {
  switch (word) {
    case 'start':
      return after.every((each) => each !== null)
    case 'stop':
      return after.every((each) => each === null)
    case 'reload':
      return after.every((each, at) => each === before[at])
    case 'restart':
      return after.every((each, at) => each !== null && each !== before[at])
  }
}
