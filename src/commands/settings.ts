/** name=value words of the command line. */
import {Errors} from '@oclif/core'
import {exitStatus} from './base.ts'

/** Blanks round the '=' are not part of name and value, as in main.cf. Of two with one name the last counts. */
export function parseSettings(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^\s*([^\s=]+)\s*=\s*(.*?)\s*$/s.exec(word) ?? []
      if (name !== undefined && value !== undefined) return [name, value]
      throw new Errors.CLIError(`'${word}' is no setting: write name=value, or 'name=' for an empty value`, {
        code: 'USAGE',
        exit: exitStatus.usage,
      })
    }),
  )
}
