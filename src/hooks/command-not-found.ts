/** oclif's hook for words that are no command. */
import type {Hook} from '@oclif/core'
import {toKnown} from '../help/known.ts'
import {explainUnknownCommand} from '../help/unknown-command.ts'

export const commandNotFound: Hook.CommandNotFound = async ({id, argv, config}) => {
  throw explainUnknownCommand([...id.split(':'), ...(argv ?? [])], toKnown(config))
}
