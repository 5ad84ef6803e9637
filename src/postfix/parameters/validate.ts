/**
 * What Postfix would say of an instance with other files, before they are put in place: a copy of its main.cf and
 * master.cf is read from a temporary directory. Tables are looked at where they are.
 */
import {Refusal} from '../../model/base/errors.ts'
import {isDamaged, type Listed} from '../../model/instance/instance.ts'
import {type Primary, readPrimary} from '../reader/primary.ts'
import type {ReadText} from '../reader/read-file.ts'
import {readSecondary} from '../reader/secondary.ts'
import {withScratchCopy} from './scratch-copy.ts'

/** `read` is how its files will be. `warn` gets what Postfix would warn of. */
export function validate(
  config_directory: string,
  read: ReadText,
  primary: Primary,
  warn: (text: string) => void,
): Listed {
  const remarks = new Set<string>()
  return withScratchCopy(config_directory, read, (copy) => {
    const inPlace = (text: string): string => text.replaceAll(copy, config_directory)
    const note = (text: string): void => {
      remarks.add(inPlace(text.trimEnd().replace(/^\S*postconf: warning: /, '')))
    }
    const listed = readCopy()
    for (const each of remarks) warn(each)
    return listed

    function readCopy(): Listed {
      const listed = readSecondary(copy, primary, note)
      if (isDamaged(listed)) {
        return {...listed, config_directory, file: inPlace(listed.file), reason: inPlace(listed.reason)}
      }
      try {
        const {instance: asPrimary} = readPrimary(copy, note, primary.defaults.host)
        const isPrimary = config_directory === primary.instance.config_directory
        return {...(isPrimary ? asPrimary : listed), config_directory}
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const reason = inPlace(error.message)
        if (!isForNow.test(reason)) return {config_directory, file: `${config_directory}/main.cf`, reason}
        note(reason)
        return {...listed, config_directory}
      }
    }
  })
}

/** An address may come with a service that moves from host to host. */
const isForNow = /no local interface found for/
