/**
 * All instances of the host: what the primary lists, read one after the other.
 * Source: load_all_instances() in postmulti.c, which stops at the first one that cannot be read.
 */
import type {InstanceList, Listed} from '../model/instance.ts'
import {askForAll} from './postconf.ts'
import type {Primary} from './primary.ts'
import {emptyMemory, fromAnswer, readNatively, tell, wanted} from './secondary.ts'

/** `passOn` gets postconf's remarks on stderr, whoever made them. */
export function readInstanceList(primary: Primary, passOn: (text: string) => void): InstanceList {
  const memory = emptyMemory()
  const readings = primary.directories.map((each) => readNatively(each, primary.defaults, memory))
  const unsure = primary.directories.filter((_, at) => readings[at] === 'unsure')
  const answers = unsure.length === 0 ? [] : askForAll(unsure, primary.parameter('command_directory'), wanted)
  const secondaries = readings.map((each, at): Listed => {
    if (each !== 'unsure') return tell(each, primary, passOn)
    return fromAnswer(primary.directories[at]!, answers.shift()!, passOn)
  })
  return {primary: primary.instance, secondaries}
}
