/** What the files of an instance say themselves, unexpanded. Source: `postconf -n` and `postconf -M`. */
import {collapse} from '../model/expand.ts'
import {logicalLines, parseMainCf} from '../model/lines.ts'
import {fromBytes} from '../model/text.ts'
import {readConfiguration} from './read-file.ts'

/** With single blanks; the last of each name. */
export function readOwnSettings(config_directory: string): Map<string, string> {
  const {entries} = parseMainCf(readConfiguration(`${config_directory}/main.cf`))
  return new Map(entries.map(({name, value}) => [name, fromBytes(collapse(value))]))
}

/** The services of master.cf, each on one line with single blanks; latin1 text. */
export function readServices(config_directory: string): string[] {
  return [...logicalLines(readConfiguration(`${config_directory}/master.cf`))].map(({text}) => collapse(text))
}
