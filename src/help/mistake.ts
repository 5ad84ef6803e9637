/** Something was typed that no command takes: exit status 2, and nothing was done. */
import {Errors} from '@oclif/core'
import {type Suggestion, toLines} from '../model/base/suggestion.ts'

export class Mistake extends Errors.CLIError {
  constructor(what: string, {why = '', suggestions = []}: {why?: string; suggestions?: readonly Suggestion[]} = {}) {
    super([what, why].filter((each) => each !== '').join('\n'), {
      code: 'USAGE',
      exit: 2,
      suggestions: toLines(suggestions.slice(0, 3)),
    })
  }
}
