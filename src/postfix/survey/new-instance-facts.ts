/** What the planner of create and import must know. Reads, never changes. */

import {basename, dirname} from 'node:path'
import {isDirectory, isFile, isThere, quietly, readEntries, readText, realPath, statThrough} from '../../files/read.ts'
import {errorCode} from '../../model/base/system-error.ts'
import type {Permissions} from '../../model/change/before-image.ts'
import {findExisting} from '../../model/change/existing.ts'
import type {DirectoryFacts, Host, KnownParameters, NewInstanceFacts, SourceInstance} from '../../model/change/facts.ts'
import {defaultDirectory} from '../../model/change/new-directories.ts'
import type {CreateOptions, NewInstanceRequest} from '../../model/change/request.ts'
import {
  type Instance,
  isDamaged,
  type PrivateParameter,
  privateParameters,
  readable,
} from '../../model/instance/instance.ts'
import {sharedParameters} from '../../model/main-cf/shared-parameters.ts'
import {readKnownParameters} from '../parameters/known-parameters.ts'
import {findCopies} from '../permissions/jail.ts'
import type {Primary} from '../reader/primary.ts'
import {readUnlisted} from './facts.ts'

/** About an instance that is new, whatever stands against it. `passOn` gets what postconf prints about it on stderr. */
export function readNewInstanceFacts(
  request: NewInstanceRequest,
  host: Host,
  primary: Primary,
  passOn: (text: string) => void,
): NewInstanceFacts {
  const {birth, action, newName = ''} = request
  const byDefault = (parameter: PrivateParameter): string =>
    newName === '' ? '' : defaultDirectory(parameter, host.list.primary, newName)
  const [config_directory = '', ...others] = privateParameters.map(
    (each) => request.directories[each] ?? byDefault(each),
  )
  const hasMainCf = isFile(`${config_directory}/main.cf`)
  const hasMasterCf = isFile(`${config_directory}/master.cf`)
  const isRead = config_directory !== '' && (action === 'import' || (hasMainCf && hasMasterCf))
  const found = isRead ? readUnlisted([config_directory], host, primary, passOn).get(config_directory) : undefined
  const directories =
    found === undefined || isDamaged(found)
      ? [config_directory, ...others].filter((each) => each !== '')
      : privateParameters.map((each) => found[each])
  const source = birth?.like === undefined ? undefined : findExisting(birth.like, host)
  const like = source === undefined ? undefined : readSource(source)
  const meta_directory = host.meta_directory
  const set = sharedParameters.map((name) => [name, primary.setting(name) ?? ''] as const)
  const masterCfPrototype = readLatin1(`${meta_directory}/master.cf.proto`)
  const mainCfPrototype = readLatin1(`${meta_directory}/main.cf.proto`)
  return {
    hasMainCf,
    hasMasterCf,
    ...(found === undefined ? {} : {found}),
    ...readDirectoryFacts(directories, host),
    existing: new Set([
      ...directories.filter(isDirectory),
      ...(like?.files.map((each) => `${config_directory}/${each}`).filter((each) => isFile(each)) ?? []),
    ]),
    ...(mainCfPrototype === undefined ? {} : {mainCfPrototype}),
    hasMasterCfPrototype: masterCfPrototype !== undefined,
    ...(birth === undefined || masterCfPrototype === undefined ? {} : {masterCfPrototype}),
    ...(birth === undefined || birth.services.length === 0
      ? {}
      : {daemons: readEntries(primary.parameter('daemon_directory')).map(({name}) => name)}),
    ...(like === undefined ? {} : {source: like}),
    ...findCopies(primary.parameter('daemon_directory')),
    sharedSettings: Object.fromEntries(set.filter(([, value]) => value !== '')),
    ...(birth === undefined ? {} : {known: readKnownForNew(birth, config_directory, primary, source)}),
  }
}

/** An instance that is not made yet is judged by what it will be made from. */
function readKnownForNew(
  {settings}: CreateOptions,
  config_directory: string,
  primary: Primary,
  source: Instance | undefined,
): KnownParameters {
  const like = source ?? {...primary.instance, config_directory}
  return readKnownParameters(primary, [like], Object.keys(settings), settings)
}

function readDirectoryFacts(directories: readonly string[], {list}: Host): DirectoryFacts {
  const all = readable(list).flatMap((each) => privateParameters.map((parameter) => each[parameter]))
  return {
    canonical: new Map([...all, ...directories].map((each) => [each, canonicalPath(each)])),
    alike: new Map(
      directories.flatMap((each) => {
        const other = alike(each)
        return other === undefined ? [] : [[each, other] as const]
      }),
    ),
  }
}

function readSource(instance: Instance): SourceInstance {
  const {config_directory} = instance
  const names = readEntries(config_directory).map(({name}) => name)
  const files = names.filter((each) => isFile(`${config_directory}/${each}`) && !notCopied.test(each)).sort()
  return {
    instance,
    mainCf: readText(`${config_directory}/main.cf`, 'latin1'),
    masterCf: readText(`${config_directory}/master.cf`, 'latin1'),
    files,
    permissions: {'main.cf': permissionsOf('main.cf'), 'master.cf': permissionsOf('master.cf')},
  }

  function permissionsOf(file: string): Permissions {
    const {mode, uid, gid} = statThrough(`${config_directory}/${file}`)
    return {mode: mode & 0o777, uid, gid}
  }
}

/** What an instance gets in another way, and what lies in the primary's directory because it is meta_directory, too. */
const notCopied =
  /^(?:main\.cf|master\.cf|.*\.proto|postfix-files|postfix-script|postfix-tls-script|postfix-wrapper|postmulti-script|post-install|dynamicmaps\.cf|makedefs\.out|(?:TLS_)?LICENSE|\..*|.*~|.*\.tmp)$/

export function canonicalPath(path: string): string {
  try {
    return realPath(path)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    const parent = dirname(path)
    return parent === path ? path : `${canonicalPath(parent).replace(/\/$/, '')}/${basename(path)}`
  }
}

/** What stands between brackets is any character here: rather one path too many. Source: glob(7). */
export function alike(path: string): string | undefined {
  if (!/[*?[]/.test(path)) return undefined
  const matching = path
    .split('/')
    .slice(1)
    .reduce((found, part) => found.flatMap((directory) => matchesIn(directory, part)), [''])
  return matching.find((each) => each !== path)
}

function matchesIn(directory: string, pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return isThere(`${directory}/${pattern}`) ? [`${directory}/${pattern}`] : []
  const source = pattern.replace(/\*|\?|\[[^\]]+\]|[^\w]/g, (each) => {
    // A list of letters is one of regular expressions, too; of any other what it may be is not looked at.
    if (each.length > 1) return /^\[\w+\]$/.test(each) ? each : '.'
    return each === '*' ? '.*' : each === '?' ? '.' : `\\${each}`
  })
  const wanted = new RegExp(`^${pattern.startsWith('.') ? '' : '(?!\\.)'}${source}$`, 's')
  const entries = quietly(() => readEntries(directory || '/')) ?? []
  return entries.flatMap(({name}) => (wanted.test(name) ? [`${directory}/${name}`] : []))
}

function readLatin1(path: string): string | undefined {
  return isFile(path) ? readText(path, 'latin1') : undefined
}
