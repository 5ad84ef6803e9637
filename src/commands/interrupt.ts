/** Ctrl-C ends after the step in hand; a second one ends at once, and what is in hand goes on without us. */

export interface Interrupt {
  signal: AbortSignal
  /** Ctrl-C does again what it does elsewhere. */
  forget(): void
}

const signals = ['SIGINT', 'SIGTERM'] as const

export function listenForInterrupt(): Interrupt {
  const interrupt = new AbortController()
  const forget = (): void => {
    for (const each of signals) process.off(each, note)
  }
  const note = (signal: NodeJS.Signals): void => {
    if (interrupt.signal.aborted) {
      forget()
      process.kill(process.pid, signal)
      return
    }
    // Stays in its place: libraries that listen as well end the program when they find themselves alone.
    interrupt.abort()
    process.stderr.write(
      'postmulti: interrupted: what is in hand ends first, nothing else begins; a second Ctrl-C does not wait\n',
    )
  }
  for (const each of signals) process.on(each, note)
  return {signal: interrupt.signal, forget}
}
