/** What the files of an instance say themselves, unexpanded. Source: `postconf -n` and `postconf -M`. */

import {fromBytes} from '../../model/base/text.ts'
import {collapse} from '../../model/main-cf/expand.ts'
import {logicalLines, parseMainCf} from '../../model/main-cf/lines.ts'
import {type ReadText, readConfiguration} from './read-file.ts'

/** With single blanks; the last of each name. */
export function readOwnSettings(config_directory: string, read: ReadText = readConfiguration): Map<string, string> {
  const {entries} = parseMainCf(read(`${config_directory}/main.cf`))
  return new Map(entries.map(({name, value}) => [name, fromBytes(collapse(value))]))
}

/** The services of master.cf, each on one line with single blanks; latin1 text. */
export function readServices(config_directory: string, read: ReadText = readConfiguration): string[] {
  return [...logicalLines(read(`${config_directory}/master.cf`))].map(({text}) => collapse(text))
}
