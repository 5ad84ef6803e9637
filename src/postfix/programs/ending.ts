/** How a program that execa ran came to its end, as a shell would tell it. Source: sh(1), "exit status". */
import {constants} from 'node:os'
import {explainError} from '../../model/base/system-error.ts'

export interface ProgramEnding {
  exitCode?: number | undefined
  signal?: string | undefined
  /** Why it could not be started. */
  cause?: unknown
}

/** 128 + N when signal N ended it, 127 when there is no such program, 126 when it may not be run. */
export function statusOf({exitCode, signal, cause}: ProgramEnding): number {
  if (exitCode !== undefined) return exitCode
  if (signal !== undefined) return 128 + (constants.signals[signal as NodeJS.Signals] ?? 0)
  return isMissing(cause) ? 127 : 126
}

/** A line when it could not be started, else nothing. */
export function describeEnding([program = '']: readonly string[], {exitCode, signal, cause}: ProgramEnding): string {
  if (exitCode !== undefined || signal !== undefined) return ''
  return `${program || "''"}: ${isMissing(cause) ? 'No such file or directory' : explainError(cause)}\n`
}

/** Node reports an empty name as our defect. */
function isMissing(cause: unknown): boolean {
  return (
    cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ERR_INVALID_ARG_VALUE')
  )
}
