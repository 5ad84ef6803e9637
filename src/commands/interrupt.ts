/**
 * Ctrl-C, SIGTERM and a terminal that closes end the work after the step in hand, and so does a reader who is gone. A
 * second Ctrl-C ends it at once, and what is in hand goes on without us.
 */
import {explainError} from '../model/system-error.ts'
import {readInheritance} from '../postfix/inheritance.ts'

export interface Interrupt {
  signal: AbortSignal
  /** Signals do again what they do elsewhere. */
  forget(): void
}

/** What is to be told of a reader who is gone; undefined where nothing is in hand. */
let inHand: AbortController | undefined

/** What the caller ignores (nohup does, and a shell for what is in its background) is no interruption. */
export function listenForInterrupt(): Interrupt {
  const interrupt = new AbortController()
  inHand = interrupt
  const {ignored} = readInheritance()
  const signals = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).filter((each) => !ignored.includes(each))
  const forget = (): void => {
    inHand = undefined
    for (const each of signals) process.off(each, note)
  }
  const note = (signal: NodeJS.Signals): void => {
    if (!interrupt.signal.aborted) {
      // Stays in its place: libraries that listen as well end the program when they find themselves alone.
      interrupt.abort()
      say('interrupted: what is in hand ends first, nothing else begins; a second Ctrl-C does not wait')
    } else if (signal === 'SIGINT') {
      // The others come twice from a single cause: from shell and kernel, from timeout(1).
      forget()
      say("interrupted again: what was in hand goes on, and 'postmulti instances' shows what runs")
      process.kill(process.pid, signal)
    }
  }
  for (const each of signals) process.on(each, note)
  return {signal: interrupt.signal, forget}
}

/** What cannot be printed any more. Where nothing is in hand we end as SIGPIPE would have ended a C program. */
export function leave(error: NodeJS.ErrnoException): void {
  // A terminal that has closed: whether that is an interruption, SIGHUP says.
  if (error.code === 'EIO') return
  const isGone = error.code === 'EPIPE'
  if (!isGone) say(`what is printed cannot be written: ${explainError(error)}`)
  if (inHand === undefined) process.exit(isGone ? 128 + 13 : 1)
  inHand.abort()
}

function say(text: string): void {
  process.stderr.write(`postmulti: ${text}\n`)
}
