/** Wait for a state instead of for a time. */

/** Look until there is something to see, at most `seconds`; then it is an error that says what was waited for. */
export async function waitFor<T>(what: string, look: () => T | undefined, seconds = 15): Promise<T> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`Waited ${seconds} s for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
