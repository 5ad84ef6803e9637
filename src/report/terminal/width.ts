/**
 * How many columns of a terminal a text takes: two for a letter of double width, none for what is combined with the
 * letter before it. Source: wcwidth(3); UAX #11, of which these scripts are all but symbols.
 */

const wide =
  /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{sc=Yi}\p{sc=Tangut}\p{sc=Nushu}\u3000-\u303e\u30fc\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}](?<![\uff61-\uffdc])/u
const combined = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u

export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  return [...text].reduce((sum, each) => sum + widthOfLetter(each), 0)
}

export function shorten(text: string, width: number, ellipsis = '…'): string {
  if (columnsOf(text) <= width) return text
  let left = width - ellipsis.length
  let cut = ''
  for (const each of text) {
    left -= widthOfLetter(each)
    if (left < 0) break
    cut += each
  }
  return cut + ellipsis
}

/** With blanks behind it, up to so many columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)))
}

function widthOfLetter(letter: string): number {
  if (combined.test(letter)) return 0
  return wide.test(letter) ? 2 : 1
}
