/**
 * What `postconf -xc DIR` says of a secondary instance, without asking it; where this file is not sure, it asks.
 * Source: load_instance() in postmulti.c.
 */

import {quietly} from '../../files/read.ts'
import {onceAsked} from '../../model/base/once.ts'
import {printable} from '../../model/base/printable.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'
import {fromBytes, toLatin1} from '../../model/base/text.ts'
import type {Listed} from '../../model/instance/instance.ts'
import {parseMainCf, trimBlanks} from '../../model/main-cf/lines.ts'
import {readServiceLines} from '../../model/master-cf/services.ts'
import {findStartFault} from '../../model/master-cf/start-fault.ts'
import type {Defaults} from './defaults.ts'
import {decisive, judge} from './judge.ts'
import {type MasterCf, parseMasterCf} from './master-cf.ts'
import {isWord, matchPattern, type Pattern, toPattern} from './pattern.ts'
import {type Answer, askPostconf, parseAnswer} from './postconf.ts'
import type {Primary} from './primary.ts'
import {copyLatin1, type Remembered, readConfiguration, readLike, readShared} from './read-file.ts'

/** The five parameters that make an instance. */
export const wanted = [
  'queue_directory',
  'data_directory',
  'multi_instance_name',
  'multi_instance_group',
  'multi_instance_enable',
] as const

/** An instance, and what postconf would remark about it on stderr. */
export interface Reading {
  listed: Listed
  /** Without "postconf: warning: ". */
  warnings: string[]
}

/** One instance. `passOn` gets postconf's remarks on stderr, ours or its own. */
export function readSecondary(config_directory: string, primary: Primary, passOn: (text: string) => void): Listed {
  const reading = readNatively(config_directory, primary.defaults)
  if (reading !== 'unsure') return passOnWarnings(reading, primary, passOn)
  const answer = askPostconf(primary.parameter('command_directory'), ['-xc', config_directory, ...wanted])
  return fromAnswer(config_directory, answer, passOn)
}

/** What has been read with the same defaults before. */
export interface Memory {
  models: Model[]
  /** Instances that could have become a model. */
  candidates: number
  masterCfs: Remembered<MasterCf | undefined>[]
}

export function emptyMemory(): Memory {
  return {models: [], candidates: 0, masterCfs: []}
}

/** As many kinds of instances as are worth a look. */
const mostKinds = 8

/** 'unsure' where only postconf knows. */
export function readNatively(
  config_directory: string,
  defaults: Defaults,
  memory: Memory = emptyMemory(),
): Reading | 'unsure' {
  const file = `${config_directory}/main.cf`
  const masterFile = `${config_directory}/master.cf`
  let bytes: Buffer
  let masterCf: MasterCf | undefined
  try {
    masterCf = readMasterCf(masterFile, defaults, memory)
    bytes = readShared(file)
  } catch (error) {
    const {path, syscall} = error as NodeJS.ErrnoException
    return {
      listed: {
        config_directory,
        file: path === masterFile ? masterFile : file,
        reason: explainError(error),
        ...(syscall === 'open' ? {isClosed: true} : {}),
      },
      warnings: [],
    }
  }
  const found = masterCf === undefined ? undefined : recognise(config_directory, bytes, masterCf, memory)
  return found ?? readExpanded(config_directory, bytes.toString('latin1'), {masterCf, defaults, memory})
}

function readExpanded(
  config_directory: string,
  text: string,
  {masterCf, defaults, memory}: {masterCf: MasterCf | undefined; defaults: Defaults; memory: Memory},
): Reading | 'unsure' {
  const file = `${config_directory}/main.cf`
  // Newer releases warn of what follows a null byte.
  if (text.includes('\0')) return 'unsure'
  const {entries, fault, indented = []} = parseMainCf(text)
  const directory = toLatin1(config_directory)
  const warnings = indented.map((each) => `${printable(directory)}/main.cf: ${each}`)
  const settings = new Map([['config_directory', directory]])
  for (const {name, value, line} of entries) {
    const earlier = settings.get(name)
    if (earlier !== undefined && earlier !== value) {
      warnings.push(printable(`${directory}/main.cf, line ${line}: overriding earlier entry: ${name}=${earlier}`))
    }
    settings.set(name, value)
  }
  if (fault !== undefined) return {listed: {config_directory, file, ...fault}, warnings}
  if (masterCf === undefined) return 'unsure'
  const judgement = judge({config_directory: directory, settings, masterCf, defaults}, wanted)
  if (judgement === 'unsure') return judgement
  const lineOf = (name: string): {line: number} | undefined => {
    const line = entries.findLast((each) => each.name === name)?.line
    return line === undefined ? undefined : {line}
  }
  if ('fault' in judgement) {
    const {fault: reason, name} = judgement
    return {listed: {config_directory, file, ...lineOf(name), reason: `${name}: ${reason}`}, warnings}
  }
  const values = new Map([...judgement.values].map(([name, value]) => [name, copyLatin1(value)]))
  const place = lineOf('multi_instance_enable')
  // No name is there twice, config_directory included.
  const canBeModel = judgement.isSimple && warnings.length === 0 && settings.size === entries.length + 1
  // One in ten, for a host where no instance is like another.
  if (canBeModel && memory.candidates++ % 10 === 0) {
    const model = {pattern: onceAsked(() => toPattern(text, settings, decisive)), masterCf, values, place}
    memory.models = [model, ...memory.models].slice(0, mostKinds)
  }
  const listed = toListed(config_directory, values, place)
  return {listed, warnings: [...warnings, ...judgement.warnings]}
}

/** An instance of which others may be copies. */
interface Model {
  /** Made when there is another instance to compare. */
  pattern: () => Pattern
  masterCf: MasterCf
  values: ReadonlyMap<string, string>
  /** Where multi_instance_enable is. */
  place: {line: number} | undefined
}

/** Undefined when it is like no other so far. */
function recognise(config_directory: string, bytes: Buffer, masterCf: MasterCf, {models}: Memory): Reading | undefined {
  // Values may refer to it.
  if (!isWord(config_directory)) return undefined
  for (const model of models) {
    if (model.masterCf !== masterCf) continue
    const {pattern, values, place} = model
    const words = matchPattern(pattern(), bytes)
    if (words === undefined) continue
    const get = (name: string): string | undefined => words[pattern().names.indexOf(name)] ?? values.get(name)
    return {listed: toListed(config_directory, {get}, place), warnings: []}
  }
  return undefined
}

/** Hands over the instance and passes on what is remarked about it. */
export function passOnWarnings({listed, warnings}: Reading, primary: Primary, passOn: (text: string) => void): Listed {
  const speaker = `${primary.parameter('command_directory')}/postconf`
  for (const each of warnings) passOn(`${speaker}: warning: ${each}\n`)
  return listed
}

/** postconf's answer, or its reason for giving none. */
export function fromAnswer(config_directory: string, answer: Answer, passOn: (text: string) => void): Listed {
  const file = `${config_directory}/main.cf`
  const lines = fromBytes(answer.stderr).split('\n').slice(0, -1)
  const fatal = /^[^ ]*postconf: fatal: (.*)$/.exec(lines.at(-1) ?? '')?.[1]
  if (answer.status === 0) {
    if (lines.length > 0) passOn(`${lines.join('\n')}\n`)
    return toListed(config_directory, parseAnswer(answer.stdout))
  }
  if (fatal === undefined) return {config_directory, file, reason: `Cannot parse ${file} file`}
  if (lines.length > 1) passOn(`${lines.slice(0, -1).join('\n')}\n`)
  const [, place, line, reason] = /^(?:file )?(\/\S*\.cf)(?:, line (\d+))?: (.*)$/.exec(fatal) ?? []
  if (place === undefined || reason === undefined) {
    return {config_directory, ...(placeOfField(config_directory, fatal) ?? {file}), reason: fatal}
  }
  const inLine = /^line (\d+): (.*)$/.exec(reason)
  const number = line ?? inLine?.[1]
  return {
    config_directory,
    file: place,
    ...(number === undefined ? {} : {line: Number(number)}),
    reason: inLine?.[2] ?? reason,
  }
}

/** Of a field of master.cf postconf(1) says no more than what it is. It ends at the first one. */
function placeOfField(config_directory: string, fatal: string): {file: string; line: number} | undefined {
  if (!/^invalid \w+ field "/.test(fatal)) return undefined
  const file = `${config_directory}/master.cf`
  const services = readServiceLines(quietly(() => readConfiguration(file)) ?? '')
  const line = services.find((each) => findStartFault(each, () => undefined)?.isAlways)?.line
  return line === undefined ? undefined : {file, line}
}

/** `place` is that of multi_instance_enable. */
function toListed(
  config_directory: string,
  values: Pick<ReadonlyMap<string, string>, 'get'>,
  place?: {line: number},
): Listed {
  const file = `${config_directory}/main.cf`
  const missing = wanted.find((name) => values.get(name) === undefined)
  if (missing !== undefined) {
    return {config_directory, file, reason: `Failed to obtain all required ${file} parameters`}
  }
  // postmulti trims once more, and with VT and FF among the blanks.
  const value = (name: (typeof wanted)[number]): string => fromBytes(trimBlanks(values.get(name) ?? ''))
  const enable = value('multi_instance_enable')
  const isEnabled = enable.toLowerCase() === 'yes'
  if (!isEnabled && enable.toLowerCase() !== 'no') {
    return {config_directory, file, ...place, reason: `Unexpected entry: multi_instance_enable = ${enable}`}
  }
  return {
    config_directory,
    queue_directory: value('queue_directory'),
    data_directory: value('data_directory'),
    multi_instance_name: value('multi_instance_name'),
    multi_instance_group: value('multi_instance_group'),
    multi_instance_enable: isEnabled,
  }
}

function readMasterCf(path: string, defaults: Defaults, memory: Memory): MasterCf | undefined {
  try {
    const read = readLike(path, memory.masterCfs, (text) => parseMasterCf(text, defaults))
    if (!memory.masterCfs.includes(read)) memory.masterCfs = [read, ...memory.masterCfs].slice(0, mostKinds)
    return read.made
  } catch (error) {
    // postconf would wait for a FIFO, follow a link of somebody else's, and read terabytes.
    if (['EFBIG', 'ELINKED', 'EMANY', 'ENOTREG'].includes(errorCode(error) ?? '')) throw error
    explainError(error)
    return undefined
  }
}
