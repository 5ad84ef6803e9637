/** What is under way, what a killed run has left, and which of our records are invalid: for doctor, and for a dry run. */
import {isThere} from '../files/read.ts'
import {Refusal} from '../model/base/errors.ts'
import {explainError} from '../model/base/system-error.ts'
import {describeBeginning} from '../model/change/past.ts'
import {advice, type Examination, fault} from '../model/survey/examination.ts'
import {readHistory} from './history.ts'
import {pendingIn, readUnfinished} from './journal.ts'
import {lockIn} from './lock.ts'
import {findHolder} from './lock-holder.ts'

export function examineJournal(directory: string): Examination[] {
  try {
    const entries = readHistory(directory).unreadable.map(({why}) => advice('journal', `${why}: the history skips it`))
    return [...examineUnfinished(directory), ...entries]
  } catch (error) {
    const why = error instanceof Error && error.name === 'ToolFailure' ? error.message : explainError(error)
    return [advice('journal', why)]
  }
}

/** For a reader of what may be half of a change. */
export function describeUnfinished(directory: string): string[] {
  return isThere(pendingIn(directory)) ? examineUnfinished(directory).map(({found}) => found) : []
}

/** A change that is not over. */
function examineUnfinished(directory: string): Examination[] {
  const lock = lockIn(directory)
  const holder = isThere(lock) ? findHolder(lock) : undefined
  if (holder?.isStopped) {
    const found = `a change is under way, but ${holder.told} is stopped, and the next one waits for it`
    return [fault('journal', found, ['kill', '-CONT', String(holder.pid)])]
  }
  if (holder !== undefined) return [advice('journal', `a change is under way: ${holder.told}`)]
  try {
    const unfinished = readUnfinished(directory)
    if (unfinished === undefined) return []
    const {begin, complete} = unfinished
    const what = `${describeBeginning(begin)} (process ${begin.pid}, ${begin.began})`
    return [
      advice('journal', `an unfinished ${what}: the next change ${complete ? 'completes it' : 'takes it back'} first`),
    ]
  } catch (error) {
    if (error instanceof Refusal) return [fault('journal', error.message, ...error.suggestions)]
    throw error
  }
}
