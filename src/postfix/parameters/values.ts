/**
 * Values of any parameters of several instances, as `postconf -xh` prints them; it is asked where this program is not
 * sure. Source: postconf(1).
 */
import {ToolFailure} from '../../model/base/errors.ts'
import {fromBytes, toLatin1} from '../../model/base/text.ts'
import {collapse} from '../../model/main-cf/expand.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import {judge, ofHostName, rawParameters} from '../reader/judge.ts'
import {parseMasterCf} from '../reader/master-cf.ts'
import {type Answer, askForAll, parseAnswer} from '../reader/postconf.ts'
import type {Primary} from '../reader/primary.ts'
import {copyLatin1, type ReadText, readConfiguration} from '../reader/read-file.ts'
import {withScratchCopy} from './scratch-copy.ts'

/** By parameter; without those that an instance does not have. */
export type Values = ReadonlyMap<string, string>

/**
 * In the order of the directories. `expanded`: without it, $name stays as it is written. `read`: for files as they will
 * be. Throws a ToolFailure.
 */
export function readValues(
  directories: readonly string[],
  names: readonly string[],
  primary: Primary,
  {expanded = true, read}: {expanded?: boolean; read?: ReadText | undefined} = {},
): Values[] {
  const found = directories.map((each) => [each, readValuesNatively(each, names, primary, expanded, read)] as const)
  const unsure = found.flatMap(([directory, {size}]) => (size < names.length ? directory : []))
  const ask = (each: string[]): Answer[] => askForAll(each, primary.parameter('command_directory'), names)
  const answers =
    unsure.length === 0
      ? []
      : read === undefined
        ? ask(unsure)
        : unsure.flatMap((each) =>
            withScratchCopy(each, read, (copy) => ask([copy]).map((answer) => inPlace(answer, copy, each))),
          )
  return found.map(([directory, natively]) => {
    if (natively.size === names.length) return natively
    const {status, stdout, stderr} = answers.shift()!
    if (status !== 0) throw new ToolFailure(`postconf -xc ${directory}`, status, fromBytes(stderr))
    const asked = [...parseAnswer(stdout)].map(([name, value]) => [fromBytes(name), fromBytes(value)] as const)
    // What is made at run time has nothing in it to expand.
    return new Map([...asked, ...natively])
  })
}

/** As if it had been read where it will be. */
function inPlace({status, stdout, stderr}: Answer, copy: string, directory: string): Answer {
  const [from, to] = [copy, toLatin1(directory)]
  return {status, stdout: stdout.replaceAll(from, to), stderr: stderr.replaceAll(from, to)}
}

/** Those that are certain; all or none of them when they are to be expanded. */
function readValuesNatively(
  directory: string,
  names: readonly string[],
  {defaults}: Primary,
  expanded: boolean,
  read: ReadText = readConfiguration,
): Values {
  const {entries} = parseMainCf(read(`${directory}/main.cf`))
  const config_directory = toLatin1(directory)
  const settings = new Map([['config_directory', config_directory], ...entries.map(toPair)])
  const masterCf = parseMasterCf(read(`${directory}/master.cf`), defaults)
  const written = new Map<string, string>()
  for (const name of names) {
    const value =
      settings.get(name) ?? defaults.parameters[name] ?? (expanded ? undefined : masterCf?.brought.get(name))
    if (value !== undefined) written.set(name, collapse(value))
    // The judge makes its value.
    else if (expanded && ofHostName.includes(name)) written.set(name, '')
  }
  if (!expanded) return toText(written)
  if (masterCf === undefined || written.size < names.length) return new Map()
  const judgement = judge(
    {config_directory, settings, masterCf, defaults},
    names.filter((name) => !rawParameters.has(name)),
  )
  if (judgement === 'unsure' || 'fault' in judgement) return new Map()
  return toText(new Map([...written, ...judgement.values]))
}

function toPair({name, value}: {name: string; value: string}): [string, string] {
  return [name, value]
}

function toText(latin1: Values): Values {
  return new Map([...latin1].map(([name, value]) => [name, fromBytes(copyLatin1(value))]))
}
