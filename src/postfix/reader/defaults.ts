/**
 * The built-in defaults of the installed Postfix, learnt from its postconf(1) and kept for as long as that binary stays.
 * Anything wrong with the cache, and postconf is asked again.
 * Source: postconf(1), "-d"; postconf_service.c for the parameters that master.cf services bring along.
 */

import {lookThrough} from '../../files/read.ts'
import {ToolFailure} from '../../model/base/errors.ts'
import {isRecord} from '../../model/base/json.ts'
import {cacheDirectory} from '../../model/base/places.ts'
import {mentionedNames} from '../../model/main-cf/expand.ts'
import {keepInCache, readFromCache} from './keep-in-cache.ts'
import {askPostconf, findCommandDirectory, parseAnswer} from './postconf.ts'
import {OwnHost} from './run-time.ts'
import {withScratch, writeScratch} from './scratch.ts'

/** What counts where main.cf says nothing. */
export interface Defaults extends BuiltIn {
  /** Whose name and addresses some defaults are made of. */
  host: OwnHost
}

interface BuiltIn {
  /** Unexpanded; without those that are made at run time. Latin1 text, as all of main.cf. */
  parameters: Record<string, string>
  /** What SERVICE_... parameters a service brings by the command it runs, from the suffix to its default. */
  services: Record<'transport' | 'pipe' | 'spawn', Record<string, string>>
  warnings: Warnings
}

/** What postconf(1) says of settings that it takes all the same. */
interface Warnings {
  /** Behind the name of the file, by parameter: since 3.9. */
  deprecated: Record<string, string>
  /** Its last word on any of them; empty before 3.11. */
  conclusion: string
  /** It speaks of a `# comment` behind a value, which is a part of the value: since 3.10. */
  ofComments: 'yes' | 'no'
}

interface Cached extends BuiltIn {
  format: 2
  files: Record<string, string>
}

const cacheFile = `${cacheDirectory}/defaults.json`
export const madeAtRunTime = ['myhostname', 'mydomain', 'mynetworks', 'process_name', 'process_id', 'service_name']
const probes = {transport: 'zzt', pipe: 'zzp', spawn: 'zzs'} as const

const known = new Map<string, Cached>()

/** Of the Postfix whose commands are in `command_directory`, and of the host as it is now. */
export function builtInDefaults(command_directory: string = findCommandDirectory()): Defaults {
  const before = known.get(command_directory)
  const isCurrent = before !== undefined && isUnchanged(before)
  const cached = isCurrent ? before : (readCache(cacheFile, command_directory) ?? learn(command_directory))
  if (!isCurrent) {
    // Anything can be the name of a parameter, 'constructor' too.
    Object.setPrototypeOf(cached.parameters, null)
    known.set(command_directory, cached)
  }
  return {...cached, host: new OwnHost()}
}

/** The config_directory of the primary: the one that is compiled in. Refuses where no Postfix is installed. */
export function primaryDirectory(): string {
  return builtInDefaults().parameters.config_directory!
}

/** Undefined when there is none to be believed. */
export function readCache(file: string, command_directory: string): Cached | undefined {
  const cached = parseCache(readFromCache(file))
  return cached?.files[`${command_directory}/postconf`] !== undefined && isUnchanged(cached) ? cached : undefined
}

/** The Postfix that it was learnt from is still the installed one. */
function isUnchanged({files}: Cached): boolean {
  return Object.entries(files).every(([path, mark]) => programMark(path) === mark)
}

/** Undefined where it is invalid. */
function parseCache(text: string | undefined): Cached | undefined {
  try {
    const cached: Partial<Cached> | null = JSON.parse(text ?? '')
    const {transport, pipe, spawn} = cached?.services ?? {}
    const {deprecated, ...texts}: Partial<Warnings> = cached?.warnings ?? {}
    const tables = [cached?.files, cached?.parameters, transport, pipe, spawn, deprecated, texts]
    const isWhole = texts.conclusion !== undefined && texts.ofComments !== undefined
    return cached?.format === 2 && isWhole && tables.every(isTextTable) ? (cached as Cached) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isTextTable(table: unknown): boolean {
  return isRecord(table) && Object.values(table).every((each) => typeof each === 'string')
}

function learn(command_directory: string): Cached {
  const {status, stdout, stderr} = withScratch((directory) => {
    const services = `${probes.transport} unix - - n - - smtp\n${probes.pipe} unix - n n - - pipe\n${probes.spawn} unix - n n - - spawn\n`
    writeScratch(`${directory}/master.cf`, services)
    return askPostconf(command_directory, ['-d', '-c', directory])
  })
  if (status !== 0) throw new ToolFailure('postconf -d', status, stderr)
  const all = [...parseAnswer(stdout)]
  const isProbe = ([name]: [string, string]): boolean =>
    Object.values(probes).some((each) => name.startsWith(`${each}_`))
  const parameters = Object.fromEntries(all.filter((each) => !isProbe(each) && !madeAtRunTime.includes(each[0])))
  const defaults: BuiltIn = {
    parameters,
    services: {transport: broughtBy('transport'), pipe: broughtBy('pipe'), spawn: broughtBy('spawn')},
    warnings: learnWarnings(parameters, command_directory),
  }
  return keep(cacheFile, defaults, command_directory)

  function broughtBy(kind: keyof typeof probes): Record<string, string> {
    const prefix = probes[kind]
    const ours = all.filter(([name]) => name.startsWith(`${prefix}_`))
    return Object.fromEntries(ours.map(([name, value]) => [name.slice(prefix.length), value]))
  }
}

/**
 * From a main.cf that sets everything to what it is, names that only live on in defaults to nothing, and has a comment
 * behind a value.
 */
function learnWarnings(parameters: Record<string, string>, command_directory: string): Warnings {
  const {stderr} = withScratch((directory) => {
    const mentioned = Object.values(parameters).flatMap(mentionedNames)
    const inherited = Object.fromEntries(mentioned.map((name) => [name, '']))
    for (const each of madeAtRunTime) delete inherited[each]
    const settings = {...inherited, ...parameters, config_directory: directory, relay_domains: 'example.com # comment'}
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`)
    writeScratch(`${directory}/main.cf`, lines.join(''))
    writeScratch(`${directory}/master.cf`, '')
    return askPostconf(command_directory, ['-c', directory, 'mail_version'])
  })
  const warnings: Warnings = {deprecated: {}, conclusion: '', ofComments: 'no'}
  for (const line of stderr.split('\n')) {
    const [, text = ''] = /^\S+: warning: (.*)$/.exec(line) ?? []
    const [, about, name] = /^\/\S+\/main\.cf: (support for parameter "?([\w-]+).*)$/.exec(text) ?? []
    if (about !== undefined && name !== undefined) warnings.deprecated[name] = about
    else if (text.startsWith('See ')) warnings.conclusion = text
    else if (text.includes('#comment after other text')) warnings.ofComments = 'yes'
  }
  return warnings
}

/** Without the right to keep it the next call asks again. */
export function keep(file: string, defaults: BuiltIn, command_directory: string): Cached {
  const {shlib_directory = ''} = defaults.parameters
  const libraries = ['libpostfix-global.so', 'libpostfix-util.so'].map((each) => `${shlib_directory}/${each}`)
  const files = [`${command_directory}/postconf`, ...libraries].map((path) => [path, programMark(path)] as const)
  const cached: Cached = {format: 2, files: Object.fromEntries(files), ...defaults}
  keepInCache(file, JSON.stringify(cached), 0o644)
  return cached
}

/** Changes with every upgrade. 'absent' for a library that a static Postfix does not have. */
function programMark(path: string): string {
  const stats = lookThrough(path)
  return stats === undefined ? 'absent' : [stats.dev, stats.ino, stats.size, stats.mtimeMs].join(' ')
}
