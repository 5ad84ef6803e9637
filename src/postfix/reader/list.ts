/**
 * All instances of the host: what the primary lists, read one after the other.
 * Source: load_all_instances() in postmulti.c, which stops at the first one that cannot be read.
 */
import {isThere, quietly} from '../../files/read.ts'
import {fromBytes} from '../../model/base/text.ts'
import {type Damaged, type Instance, type InstanceList, isDamaged, type Listed} from '../../model/instance/instance.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import {primaryDirectory} from './defaults.ts'
import {askForAll} from './postconf.ts'
import {type Primary, readPrimary} from './primary.ts'
import {readConfiguration} from './read-file.ts'
import {emptyMemory, fromAnswer, passOnWarnings, readNatively, wanted} from './secondary.ts'

/** `passOn` gets postconf's remarks on stderr, ours or its own, and the config_directory that they are about. */
export function readInstanceList(
  primary: Primary,
  passOn: (text: string, config_directory: string) => void,
): InstanceList {
  const memory = emptyMemory()
  const readings = primary.directories.map((each) => [each, readNatively(each, primary.defaults, memory)] as const)
  const unsure = readings.flatMap(([config_directory, reading]) => (reading === 'unsure' ? config_directory : []))
  const answers = unsure.length === 0 ? [] : askForAll(unsure, primary.parameter('command_directory'), wanted)
  const secondaries = readings.map(([config_directory, reading]): Listed => {
    const aboutIt = (text: string): void => passOn(text, config_directory)
    if (reading !== 'unsure') return withName(passOnWarnings(reading, primary, aboutIt))
    return withName(fromAnswer(config_directory, answers.shift()!, aboutIt))
  })
  return {primary: primary.instance, secondaries}
}

/** Without a remark: what there is to be said is said elsewhere. Throws a Refusal where the primary cannot be read. */
export function readHostSilently(): {primary: Primary; list: InstanceList} {
  const silent = (): void => {}
  const primary = readPrimary(primaryDirectory(), silent)
  return {primary, list: readInstanceList(primary, silent)}
}

/** What stands above the fault may say what it is called. */
function withName(listed: Listed): Listed {
  if (!isDamaged(listed)) return listed
  const text = quietly(() => readConfiguration(`${listed.config_directory}/main.cf`)) ?? ''
  const name = parseMainCf(text).entries.findLast((each) => each.name === 'multi_instance_name')?.value ?? ''
  return name === '' || name.includes('$') ? listed : {...listed, multi_instance_name: fromBytes(name)}
}

/** postmulti(1) takes an instance that has a main.cf alone for one that can be read. Undefined where all is there. */
export function lackOf({config_directory}: Instance): Damaged | undefined {
  const file = `${config_directory}/master.cf`
  const isBare = isThere(`${config_directory}/main.cf`) && !isThere(file)
  return isBare ? {config_directory, file, reason: 'No such file or directory'} : undefined
}
