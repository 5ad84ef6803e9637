/**
 * What Debian's script makes of the jail of an instance, as changes: a directory, a copy of one of the host's files, a copy
 * that has no model any more. Where it would do anything else the answer is `unsure`, and it has to run itself.
 * Source: configure-instance.sh and syncfiles.pl of Debian 13; cp(1) and find(1) of GNU.
 */
import {dirname} from 'node:path'
import {examine, type Found} from '../../files/act.ts'
import {isFile, lookAt, namesBelow, quietly, readUnsorted, realPath, tryText} from '../../files/read.ts'
import type {Directories} from '../../model/change/plan.ts'
import {logicalLines} from '../../model/main-cf/lines.ts'
import {builtInDefaults} from '../reader/defaults.ts'
import {parseMasterCf, splitFields} from '../reader/master-cf.ts'
import {readConfiguration} from '../reader/read-file.ts'
import {defaultMydomain, defaultMyhostname, OwnHost} from '../reader/run-time.ts'
import {type JailScript, jailScript, readJailScript, smallFiles} from './jail-script.ts'
import {isPlainPath} from './permission-rules.ts'
import {type Effective, fillsJail} from './permission-settings.ts'
import {Unsure} from './unsure.ts'

/** Below the jail, or the jail's own `etc`. What is printed has its line feed. */
export type JailChange =
  | {do: 'make'; path: string}
  | {do: 'copy'; from: string; path: string; printed: string}
  | {do: 'remove'; path: string}

type File = Pick<Found, 'kind' | 'mode' | 'size' | 'seconds'>

export interface Jail {
  queue_directory: string
  /** Absent where nothing is filled. */
  script?: JailScript
  /** A service that looks up names runs in it. */
  isNeeded: boolean
  /** What is on the host, by its path. */
  host: ReadonlyMap<string, File>
  /** Of the name service, in the order of their directory. */
  libraries: readonly string[]
  /** What is there, by its path below the jail. */
  inside: ReadonlyMap<string, File>
}

/** Throws Unsure. */
export function planJail({queue_directory, script, isNeeded, host, libraries, inside}: Jail): JailChange[] {
  if (script === undefined) return []
  const changes: JailChange[] = []
  const made = new Set<string>()
  const at = (path: string): string => `${queue_directory}/${path}`
  const old = script.old.find((each) => inside.has(each))
  const unneeded = isNeeded ? undefined : [...inside.keys()].find((each) => script.unneeded.test(each))
  const gone = old ?? unneeded
  if (gone !== undefined) throw new Unsure(`${at(gone)} is cleared away`)
  make('etc')
  for (const path of smallFiles) {
    const copy = path.slice(1)
    if (host.has(path) || !inside.has(copy)) continue
    if (inside.get(copy)?.kind === 'directory') throw new Unsure(`${at(copy)} is a directory`)
    changes.push({do: 'remove', path: at(copy)})
  }
  for (const path of smallFiles) if (host.has(path)) bringUpToDate(path)
  if (!isNeeded) return changes
  if (script.libraries === 'lib, by cp') {
    if (libraries.length > 0) make('lib')
    for (const each of libraries) copyNewer(each)
  } else for (const each of libraries) bringUpToDate(each)
  make('usr/lib/sasl2')
  return changes

  function make(path: string): void {
    if (path === '.' || made.has(path)) return
    const found = inside.get(path)
    if (found !== undefined && found.kind !== 'directory') throw new Unsure(`${at(path)} is not a directory`)
    make(dirname(path))
    made.add(path)
    if (found === undefined) changes.push({do: 'make', path: at(path)})
  }

  /** Size and time decide, in whole seconds. */
  function bringUpToDate(path: string): void {
    const copy = path.slice(1)
    const model = modelOf(path)
    const found = findCopy(copy)
    if (found !== undefined && found.size === model.size && Math.floor(found.seconds) === Math.floor(model.seconds))
      return
    if (inside.has(`${copy}.tmp`)) throw new Unsure(`${at(copy)}.tmp is in the way`)
    make(dirname(copy))
    changes.push({do: 'copy', from: path, path: at(copy), printed: `updating ${path} => ${queue_directory}/${path}\n`})
  }

  function copyNewer(path: string): void {
    const copy = `lib/${path.slice(path.lastIndexOf('/') + 1)}`
    const model = modelOf(path)
    // Our copy would be older by a part of a second, and be copied each time.
    if (!Number.isInteger(model.seconds)) throw new Unsure(`${path} was changed within a second`)
    const found = findCopy(copy)
    if (found !== undefined && found.seconds >= model.seconds) return
    if (found !== undefined) throw new Unsure(`${at(copy)} is old`)
    changes.push({do: 'copy', from: path, path: at(copy), printed: `'${path}' -> '${copy}'\n`})
  }

  function modelOf(path: string): File {
    const model = host.get(path)
    if (model === undefined || !isPlainPath(path)) throw new Unsure(`unusual characters in '${path}'`)
    if ((model.mode & 0o6000) !== 0) throw new Unsure(`${path} runs with the rights of its owner`)
    return model
  }

  function findCopy(copy: string): File | undefined {
    const found = inside.get(copy)
    if (found !== undefined && found.kind !== 'file') throw new Unsure(`${at(copy)} is not a file`)
    return found
  }
}

/** Throws Unsure. */
export function readJail(instance: Directories, effective: Effective, daemon_directory: string): Jail {
  const {queue_directory} = instance
  checkOrigin(effective)
  const script = readJailScript(daemon_directory)
  const empty = {queue_directory, isNeeded: false, host: new Map(), libraries: [], inside: new Map()}
  if (script === undefined) return empty
  const isNeeded = isJailNeeded(readConfiguration(`${instance.config_directory}/master.cf`), effective)
  for (const name of isNeeded ? ['smtp_tls_CApath', 'smtpd_tls_CApath'] : []) {
    if (effective(name)) throw new Unsure(`${name} = ${effective(name)}`)
  }
  const libraries = isNeeded ? findLibraries(script) : []
  return {
    queue_directory,
    script,
    isNeeded,
    host: lookAtHost([...smallFiles, ...libraries]),
    libraries,
    inside: lookInside(queue_directory),
  }
}

/** The host's files that are copied in any case: null where only the script itself can tell, none where there is none. */
export function findCopies(daemon_directory: string): {copies?: string[] | null} {
  try {
    if (!fillsJail(daemon_directory)) return {}
    return {copies: readJailScript(daemon_directory) === undefined ? [] : smallFiles.filter((each) => isFile(each))}
  } catch (error) {
    if (!(error instanceof Unsure)) throw error
    return tryText(`${daemon_directory}/post-install`)?.includes(jailScript) ? {copies: null} : {}
  }
}

function lookAtHost(paths: readonly string[]): Map<string, File> {
  return new Map(
    paths.flatMap((each): [string, File][] => {
      if (!isFile(each)) return []
      const {found} = examine(realPath(each))
      return found === undefined ? [] : [[each, found]]
    }),
  )
}

function lookInside(queue_directory: string): Map<string, File> {
  const names = ['dev', 'etc', 'lib', 'usr'].filter((each) => lookAt(`${queue_directory}/${each}`) !== undefined)
  const paths = names.flatMap((top) => [
    top,
    ...namesBelow(`${queue_directory}/${top}`).map((each) => `${top}/${each}`),
  ])
  return new Map(
    paths.flatMap((each): [string, File][] => {
      const {found} = examine(`${queue_directory}/${each}`)
      return found === undefined ? [] : [[each, found]]
    }),
  )
}

/** Those of glibc are built in. */
function findLibraries({multiarch}: JailScript): string[] {
  const directory = `/usr/lib/${multiarch}`
  const names = quietly(() => readUnsorted(directory))
  if (names === undefined) throw new Unsure(`${directory} cannot be read`)
  return names
    .filter((name) => /^libnss_.*\.so\.2$/.test(name) && !/^libnss_(?:compat|dns|files|hesiod)\.so\../.test(name))
    .map((name) => `${directory}/${name}`)
    .filter((each) => isFile(each))
}

/** Those that need nothing in the jail, and those that cannot be in it. */
const unconcerned = new Set(
  (
    'local pipe postlogd proxymap spawn virtual anvil bounce cleanup discard dnsblog error flush pickup postscreen ' +
    'scache showq tlsmgr tlsproxy trivial-rewrite verify nqmgr oqmgr qmgr qmqpd'
  ).split(' '),
)

/** `text` is that of master.cf. Throws Unsure. */
export function isJailNeeded(text: string, effective: Effective, defaults = builtInDefaults()): boolean {
  const [, level] = /^(\d+)(?:\.\d+)*$/.exec(effective('compatibility_level') ?? '') ?? []
  if (level === undefined) throw new Unsure(`compatibility_level = ${effective('compatibility_level')}`)
  if (parseMasterCf(text, defaults) === undefined || text.includes('\\')) throw new Unsure('master.cf is unusual')
  const outside = Number(level) < 3 ? ['n'] : ['n', '-']
  return [...logicalLines(text)].some((line) => {
    const fields = splitFields(line.text) ?? []
    return !unconcerned.has(fields[7] ?? '') && !outside.includes(fields[4] ?? '')
  })
}

/** With some names the script refuses to go on. */
function checkOrigin(effective: Effective): void {
  const origin = literal('myorigin', effective('myorigin') ?? '$myhostname')
  const first = origin.startsWith('/') ? tryText(origin)?.split('\n')[0] : origin
  if (first === undefined || /^(?:ubuntu\.com|debian\.org)$/i.test(first)) throw new Unsure(`myorigin = ${origin}`)

  function literal(name: string, value: string): string {
    if (value === '$myhostname') return hostName()
    if (value === '$mydomain') return plain('mydomain', effective('mydomain') ?? defaultMydomain(hostName()))
    return plain(name, value)
  }

  function hostName(): string {
    const set = effective('myhostname')
    return set === undefined ? defaultMyhostname(effective('mydomain'), new OwnHost()) : plain('myhostname', set)
  }

  function plain(name: string, value: string): string {
    if (!/^[\w./-]*$/.test(value)) throw new Unsure(`${name} = ${value}`)
    return value
  }
}
