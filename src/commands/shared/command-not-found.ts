/** oclif's hook for words that are not a command. */
import type {Hook} from '@oclif/core'
import {toKnown} from '../../help/known.ts'
import {explainUnknownCommand} from '../../help/unknown-command.ts'
import type {InstanceList} from '../../model/instance/instance.ts'
import {readHostSilently} from '../../postfix/reader/list.ts'

export const commandNotFound: Hook.CommandNotFound = async ({id, argv, config}) => {
  throw explainUnknownCommand([...id.split(':'), ...(argv ?? [])], toKnown(config), readQuietly())
}

/** Undefined where it cannot be read: that is not what was asked for. */
function readQuietly(): InstanceList | undefined {
  try {
    return readHostSilently().list
  } catch {
    return undefined
  }
}
