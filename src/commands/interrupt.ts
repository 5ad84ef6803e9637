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
  const note = (): void => {
    forget()
    interrupt.abort()
    process.stderr.write('postmulti: interrupted, waiting for what is in hand; Ctrl-C again does not wait\n')
  }
  for (const each of signals) process.on(each, note)
  return {signal: interrupt.signal, forget}
}
