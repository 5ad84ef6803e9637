/** Commands as one types them. */
import {holdsControls} from './controls.ts'
import {toLatin1} from './text.ts'

/** One line that a POSIX shell takes for these words, whatever is in them, and in which a terminal obeys nothing. */
export function typed(words: readonly string[]): string {
  return words.map(quoted).join(' ')
}

function quoted(word: string): string {
  if (/^[\w%+,\-./:=@]+$/.test(word)) return word
  return holdsControls(word) || !word.isWellFormed() ? printed(word) : `'${word.replaceAll("'", "'\\''")}'`
}

/** printf(1) writes the bytes that must not be shown. The shell drops the ends of lines behind them: its IFS has one. */
function printed(word: string): string {
  const text = word.replace(/\n+$/, '')
  const format = toLatin1(text).replace(/[^\w,\-./:=@]|^-/g, (byte) => {
    return `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`
  })
  return `"$(printf '${format}')${`\${IFS#??}`.repeat(word.length - text.length)}"`
}
