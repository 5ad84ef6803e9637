/** Commands as one types them. */

/** One line that a shell takes for these words. */
export function typed(words: readonly string[]): string {
  return words.map((each) => (/^[\w!%+,\-./:=@^]+$/.test(each) ? each : `'${each.replaceAll("'", "'\\''")}'`)).join(' ')
}
