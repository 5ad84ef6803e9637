/** Where postfix(1) has called this program, and its word would be taken for a sub-command. Source: postfix.c. */
import {Refusal} from '../model/base/errors.ts'
import {findWrapperFault} from '../model/instance/wrapper.ts'
import {primaryDirectory} from '../postfix/reader/defaults.ts'
import {readPrimary} from '../postfix/reader/primary.ts'

/**
 * What is wrong with multi_instance_wrapper; undefined where this is no call of postfix(1), which hands on the primary's
 * environment and does not come as far as this when the primary cannot be read.
 */
export function faultOfCaller({MAIL_CONFIG, command_directory}: NodeJS.ProcessEnv): string | undefined {
  if (MAIL_CONFIG === undefined || command_directory === undefined || MAIL_CONFIG !== primaryDirectory())
    return undefined
  try {
    const fault = findWrapperFault(readPrimary(MAIL_CONFIG, () => {}).printed('multi_instance_wrapper'))
    // With another fault the words begin with an option.
    return fault?.startsWith('lacks ') ? fault : undefined
  } catch (error) {
    // The command says it, as far as it needs the primary.
    if (error instanceof Refusal) return undefined
    throw error
  }
}
