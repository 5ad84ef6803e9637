/**
 * How many processes master(8) has at work. It has one thread, and nobody else starts smtpd(8) and the like.
 * Source: proc(5), "/proc/pid/task/tid/children".
 */
import {readFileSync} from 'node:fs'
import {explainError} from '../model/system-error.ts'

/** Undefined where nobody can tell. */
export function countProcesses(master: number): number | undefined {
  try {
    // In a container the pid may be one of another namespace, and here somebody else's.
    if (readFileSync(`/proc/${master}/comm`, 'latin1') !== 'master\n') return undefined
    return readFileSync(`/proc/${master}/task/${master}/children`, 'latin1').match(/\d+/g)?.length ?? 0
  } catch (error) {
    explainError(error)
    return undefined
  }
}
