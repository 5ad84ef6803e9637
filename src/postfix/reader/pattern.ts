/**
 * Most instances are copies of one prototype that differ in a few words. When one has been read, and nothing in it is out
 * of the ordinary, others are known by their bytes: the same, but for other words in the same places.
 */

/** A main.cf, cut out where it may differ. */
export interface Pattern {
  /** What is before, between and after the words. */
  pieces: Buffer[]
  /** Of the settings that consist of a word, in file order. */
  names: string[]
}

/** `text` is latin1, `settings` all that it has, each of them once. Those in `fixed` stay as they are. */
export function toPattern(text: string, settings: ReadonlyMap<string, string>, fixed: readonly string[]): Pattern {
  const bytes = Buffer.from(text, 'latin1')
  const pattern: Pattern = {pieces: [], names: []}
  let start = 0
  for (const {0: whole, 1: name = '', 2: word = '', index} of text.matchAll(oneWord)) {
    // A value that goes on, maybe in another line, is more than the word.
    if (settings.get(name) !== word || !isWord(word) || fixed.includes(name)) continue
    const end = index + whole.length
    pattern.pieces.push(bytes.subarray(start, end - word.length))
    pattern.names.push(name)
    start = end
  }
  pattern.pieces.push(bytes.subarray(start))
  return pattern
}

/** The words of a main.cf, in the order of `names`; undefined when it differs in anything else. */
export function matchPattern({pieces}: Pattern, bytes: Buffer): string[] | undefined {
  const words: string[] = []
  let at = 0
  for (const piece of pieces) {
    if (piece !== pieces[0]) {
      const start = at
      while (isOfWord[bytes[at] ?? 0] === 1) at++
      words.push(bytes.toString('latin1', start, at))
    }
    const end = at + piece.length
    if (end > bytes.length || bytes.compare(piece, 0, piece.length, at, end) !== 0) return undefined
    at = end
  }
  return at === bytes.length && isUnremarkable(words.join(' ')) ? words : undefined
}

/** Nothing in it to expand or to collapse, and nothing that postconf(1) would remark. */
export function isWord(text: string): boolean {
  return wordPattern.test(text) && isUnremarkable(text)
}

/** No sign of a database. */
function isUnremarkable(text: string): boolean {
  return !/ldap|sql|memcache|mongodb/.test(text)
}

const wordPattern = /^[\w./@%+:-]*$/
const isOfWord = Uint8Array.from({length: 256}, (_, code) => Number(wordPattern.test(String.fromCharCode(code))))
/** At the beginning of a line. */
const oneWord = /(?<![^\n])(\w+)[ \t]*=[ \t]*([\w./@%+:-]*)/g
