/**
 * Ctrl-C, SIGTERM and a terminal that closes end the work after the step in hand, and so does a reader who is gone. A
 * second Ctrl-C ends it at once, and what is in hand goes on without us.
 */
import {explainError} from '../../model/base/system-error.ts'
import {endingSignals} from '../../postfix/programs/inheritance.ts'

export interface Interrupt {
  signal: AbortSignal
  /** Signals do again what they do elsewhere. */
  forget(): void
}

/** What is to be told of a reader who is gone; undefined where nothing is in hand. */
let inHand: AbortController | undefined

/** A signal that the caller ignores (nohup does, and a shell for its background) does not interrupt. */
export function listenForInterrupt(): Interrupt {
  const interrupt = new AbortController()
  inHand = interrupt
  const signals = endingSignals()
  const forget = (): void => {
    inHand = undefined
    for (const each of signals) process.off(each, note)
  }
  const note = (signal: NodeJS.Signals): void => {
    if (!interrupt.signal.aborted) {
      // Stays in its place: libraries that listen as well end the program when they find themselves alone.
      interrupt.abort()
      sayOnStderr(
        'interrupted: the current step ends or is taken back, and nothing else begins; a second Ctrl-C does not wait',
      )
    } else if (signal === 'SIGINT') {
      // The others come twice from a single cause: from shell and kernel, from timeout(1).
      forget()
      sayOnStderr("interrupted again: the current step goes on; 'postmulti instances' shows what runs")
      process.kill(process.pid, signal)
    }
  }
  for (const each of signals) process.on(each, note)
  return {signal: interrupt.signal, forget}
}

/** Exit statuses, where what was to be printed is lost. */
const untold = {answer: 1, change: 4}

/** Has the command changed the host? Then a failed output does not fail the change. */
let isChanged = false

/** Was something lost that was to be printed? */
let isUntold = false

/** Of a command that has ended with this one. */
export function statusWhenTold(status: number): number {
  return isUntold && status === 0 ? untold.change : status
}

export function noteChange(): void {
  isChanged = true
}

export function hasChanged(): boolean {
  return isChanged
}

/**
 * What cannot be printed any more. Where nothing is in hand we end as SIGPIPE would have ended a C program, or at once;
 * otherwise what is in hand ends first, and the exit status tells that somebody waits for its output in vain.
 */
export function leaveStdout(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') leaveGone()
  // A terminal that has closed: whether that is an interruption, SIGHUP says.
  const isClosed = error.code === 'EIO' && process.stdout.isTTY
  if (error.code === 'EPIPE' || isClosed || inHand?.signal.aborted) return
  sayOnStderr(`cannot write the output:  ${explainError(error)}`)
  if (inHand === undefined) process.exit(isChanged ? untold.change : untold.answer)
  isUntold = true
  inHand.abort()
}

/** There is nowhere to say it, and the exit status has another meaning: the work goes on, but for a reader who is gone. */
export function leaveStderr(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') leaveGone()
}

function leaveGone(): void {
  if (inHand === undefined) process.exit(128 + 13)
  inHand.abort()
}

function sayOnStderr(text: string): void {
  process.stderr.write(`postmulti: ${text}\n`)
}
