/** The commands that are there, plugins' included, with blanks in their ids as one types them. */
import type {Interfaces} from '@oclif/core'
import type {Offered} from './typed-words.ts'
import type {Known} from './unknown-command.ts'

export function toKnown({commands}: Interfaces.Config): Known[] {
  return commands
    .filter(({hidden}) => !hidden)
    .map(({id, args, strict, flags}) => ({id: id.replaceAll(':', ' '), args, strict, flags: flags as Offered}))
}
