/**
 * What Postfix would say of an instance with other files, before they are put in place: a copy of its main.cf and
 * master.cf is read from a temporary directory. Tables are looked at where they are.
 */
import {readText} from '../../files/read.ts'
import {Refusal} from '../../model/base/errors.ts'
import {type Instance, isDamaged, type Listed} from '../../model/instance/instance.ts'
import {type Primary, readPrimary} from '../reader/primary.ts'
import {readSecondary} from '../reader/secondary.ts'
import {withScratchCopy} from './scratch-copy.ts'

export type ConfigurationFile = 'main.cf' | 'master.cf'

/** `texts` is latin1. `warn` gets what Postfix would warn of. */
export function validate(
  instance: Listed,
  texts: Partial<Record<ConfigurationFile, string>>,
  primary: Primary,
  warn: (text: string) => void,
): Listed {
  const {config_directory} = instance
  const remarks = new Set<string>()
  const asItWillBe = (path: string): string =>
    texts[path.slice(config_directory.length + 1) as ConfigurationFile] ?? readText(path, 'latin1')
  return withScratchCopy(config_directory, asItWillBe, (copy) => {
    const inPlace = (text: string): string => text.replaceAll(copy, config_directory)
    const note = (text: string): void => {
      remarks.add(inPlace(text.trimEnd().replace(/^\S*postconf: warning: /, '')))
    }
    const listed = read()
    for (const each of remarks) warn(each)
    return listed

    function read(): Listed {
      const listed = readSecondary(copy, primary, note)
      if (isDamaged(listed)) {
        return {...listed, config_directory, file: inPlace(listed.file), reason: inPlace(listed.reason)}
      }
      try {
        const {instance: asPrimary} = readPrimary(copy, note)
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

/** As `validate`, for an instance that has been edited; a fault that it has anyway is not held against the edit. */
export function validateEdit(
  instance: Instance,
  edit: (mainCf: string) => string,
  primary: Primary,
  warn: (text: string) => void,
): Listed {
  const mainCf = readText(`${instance.config_directory}/main.cf`, 'latin1')
  const becomes = validate(instance, {'main.cf': edit(mainCf)}, primary, warn)
  if (!isDamaged(becomes)) return becomes
  const isNow = validate(instance, {}, primary, () => {})
  return isDamaged(isNow) && isNow.reason === becomes.reason ? instance : becomes
}

/** An address may come with a service that moves from host to host. */
const isForNow = /no local interface found for/
