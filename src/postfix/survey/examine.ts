/**
 * Whether this host is ready: Postfix, the program that postfix(1) calls, prototypes, instances, tools and our own
 * places. Looks, and changes nothing. Source: MULTI_INSTANCE_README; postfix-wrapper(5); post-install for prototypes.
 */

import {basename, dirname, resolve} from 'node:path'
import {isThere, lookAt, lookThrough, readEntries, readOwn, readTarget, realPath, tryText} from '../../files/read.ts'
import {Refusal} from '../../model/base/errors.ts'
import {cacheDirectory, policyDirectory, stateDirectory} from '../../model/base/places.ts'
import {isRelease} from '../../model/base/release.ts'
import {type Suggestion, shell, suggest} from '../../model/base/suggestion.ts'
import {
  allListed,
  damaged,
  describeDamage,
  type Instance,
  type InstanceList,
  label,
  readable,
} from '../../model/instance/instance.ts'
import {findWrapperFault, wrapperPlaces} from '../../model/instance/wrapper.ts'
import {advice, type Examination, fault, ok} from '../../model/survey/examination.ts'
import {startsAtBoot, unitsOf} from '../../model/units/units.ts'
import {packagedLauncher} from '../programs/launcher.ts'
import {lackOf} from '../reader/list.ts'
import type {Primary} from '../reader/primary.ts'
import {hasSystemd, readUnits} from '../systemd/units.ts'
import {checkSharedDirectories} from './facts.ts'

/** What lets somebody else than root change what is at a path, and commands that mend it; undefined when nothing does. */
type FindUntrusted = (path: string) => {why: string; remedy: readonly Suggestion[]} | undefined

/** `root` is the directory of this program. Of a Postfix that cannot be read only that is told. */
export function examineHost(
  root: string,
  host: {primary: Primary; list: InstanceList} | Refusal,
  findUntrusted: FindUntrusted,
): Examination[] {
  const ofPostfix =
    host instanceof Refusal
      ? [fault('primary', host.message, ...packageRemedy(host))]
      : examinePostfix(root, host.primary, host.list, findUntrusted)
  return [
    examineNode(root),
    ...examineOwnFiles(root, findUntrusted),
    ...ofPostfix,
    ...examineTools(),
    ...examinePlaces(findUntrusted),
  ]
}

/** What Debian's package brings. */
function packageRemedy({message, suggestions}: Refusal): readonly Suggestion[] {
  if (!message.includes('No such file or directory')) return suggestions
  const isUnconfigured = message.includes('/main.cf: ')
  return [isUnconfigured ? suggest`dpkg-reconfigure postfix` : suggest`apt-get install --reinstall postfix`]
}

function examinePostfix(
  root: string,
  primary: Primary,
  list: InstanceList,
  findUntrusted: FindUntrusted,
): Examination[] {
  return [
    examineVersion(primary),
    ...examineDirectories(primary),
    ...examinePrototypes(primary),
    ...examineScript(primary),
    examineProgram(root, primary),
    examineWrapper(primary, list, findUntrusted),
    examinePrimary(primary),
    ...examineInstances(list),
    ...examineSystemd(list),
  ]
}

/** The launcher takes another one where ours is missing. */
function examineNode(root: string): Examination {
  const found = `${process.version} in ${process.execPath}`
  const {engines} = JSON.parse(readOwn(`${root}/package.json`))
  const [wanted = 0, own = 0] = [engines.node, process.version].map((each: string) => {
    const [, major, minor] = /(\d+)\.(\d+)/.exec(each) ?? []
    return Number(major) * 1000 + Number(minor)
  })
  if (own >= wanted) return ok('Node.js', found)
  return fault('Node.js', `${found}: postmulti needs ${engines.node}`, makeAgain(root))
}

/** What brings a program that is not whole. */
function makeAgain(root: string): Suggestion {
  return packagedLauncher(root) === undefined
    ? shell`cd ${realPath(root)} && npm ci`
    : suggest`apt-get install --reinstall postmulti`
}

/** What root runs when it types postmulti. */
function examineOwnFiles(root: string, findUntrusted: FindUntrusted): Examination[] {
  const own = ['bin/postmulti', ...readEntries(`${root}/dist`).map(({name: each}) => `dist/${each}`)]
  for (const each of [...own.map((path) => `${realPath(root)}/${path}`), process.execPath]) {
    const untrusted = findUntrusted(each)
    if (untrusted !== undefined) return [fault('program', `${untrusted.why}, and root runs it`, ...untrusted.remedy)]
  }
  return []
}

function examineVersion(primary: Primary): Examination {
  const mail_version = primary.parameter('mail_version')
  const found = `${mail_version}, with its commands in ${primary.parameter('command_directory')}`
  const isTried = isRelease(mail_version, '3.5') && !isRelease(mail_version, '3.12')
  return isTried
    ? ok('Postfix', found)
    : advice('Postfix', `${found}: postmulti is tested with the releases from 3.5 to 3.11`)
}

/** The directories that all instances share. */
function examineDirectories(primary: Primary): Examination[] {
  try {
    checkSharedDirectories(primary)
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const [, name = ''] = /^(\w+) = /.exec(error.message) ?? []
    return [
      fault(
        'shared directories',
        error.message,
        ...(primary.setting(name) === undefined ? [] : [['postconf', '-X', name]]),
      ),
    ]
  }
}

/** Where dpkg(1) keeps what the files of a package were. */
const packaged = '/var/lib/dpkg/info/postfix.md5sums'

/** A changed postmulti-script(1) has no effect any more. */
function examineScript(primary: Primary): Examination[] {
  const script = `${primary.parameter('daemon_directory')}/postmulti-script`
  const lines = (tryText(packaged) ?? '').split('\n').map((each) => each.split('  '))
  const [wanted] = lines.find(([, path]) => `/${path}` === script) ?? []
  const text = tryText(script)
  if (wanted === undefined || text === undefined) return []
  const {createHash} = process.getBuiltinModule('node:crypto')
  if (createHash('md5').update(text, 'latin1').digest('hex') === wanted) return []
  const found = `${script} was changed, and this program does not run it: a site plugin can do what was added`
  return [advice('postmulti-script', found, suggest`postmulti plugins new --help`)]
}

/** What `create` copies. */
function examinePrototypes(primary: Primary): Examination[] {
  const meta_directory = primary.parameter('meta_directory')
  // The examination of main.cf has reported it.
  if (!isThere(meta_directory)) return []
  const paths = ['main.cf', 'master.cf'].map((each) => `${meta_directory}/${each}.proto`)
  const missing = paths.filter((each) => !isThere(each))
  if (missing.length === 0) return [ok('prototypes', paths.join(' and '))]
  return missing.map(placeOfPrototype).map((each) => {
    // Debian's package makes it of this one, when it is installed.
    const source = `/usr/share/postfix/${basename(each).replace(/proto$/, 'dist')}`
    const remedy = isThere(source) ? [['cp', source, each]] : []
    return fault(
      'prototypes',
      `${each}, of the package of Postfix, is not there: no instance can be created`,
      ...remedy,
    )
  })
}

/** Debian's meta_directory has links to /etc/postfix from 3.11 on, which lead nowhere then: cp(1) does not write there. */
function placeOfPrototype(path: string): string {
  return lookAt(path)?.isSymbolicLink() ? resolve(dirname(path), readTarget(path)) : path
}

/** Whether a typed postmulti, and postfix(1), reach this program. */
function examineProgram(root: string, primary: Primary): Examination {
  const ours = `${realPath(root)}/bin/postmulti`
  const path = `${primary.parameter('command_directory')}/postmulti`
  const found = isThere(path) ? realPath(path) : undefined
  const isPackaged = packagedLauncher(root) !== undefined
  if (found === ours) return ok('program', `${path} is this program${isPackaged ? ", from Debian's package" : ''}`)
  if (isPackaged) return advice('program', `${path} is not this program, which its package puts there`, makeAgain(root))
  const link = ['ln', '-s', ours, path]
  if (found === undefined) return advice('program', `${path} is not there: postfix(1) looks for it`, link)
  const divert = ['dpkg-divert', '--local', '--rename', '--add', path]
  return advice('program', `${path} is another program, which postfix(1) calls in place of this one`, divert, link)
}

function examineWrapper(primary: Primary, {secondaries}: InstanceList, findUntrusted: FindUntrusted): Examination {
  const wrapper = primary.printed('multi_instance_wrapper')
  const init = suggest`postmulti instances init`
  if (wrapper === '') {
    if (secondaries.length === 0) return advice('wrapper', 'this host is not prepared for a second instance yet', init)
    return fault('wrapper', 'multi_instance_wrapper is empty: postfix(1) starts and stops the primary alone', init)
  }
  const places = wrapperPlaces(wrapper)
  const program = places.find((each) => lookThrough(each) !== undefined) ?? wrapper.split(' ')[0] ?? ''
  const stats = program.startsWith('/') ? lookThrough(program) : undefined
  if (stats === undefined) return fault('wrapper', `multi_instance_wrapper names ${program}, which is not there`, init)
  if (!stats.isFile() || (stats.mode & 0o111) === 0) {
    return fault('wrapper', `multi_instance_wrapper names ${program}, which cannot be run`, init)
  }
  const untrusted = findUntrusted(program)
  if (untrusted !== undefined) {
    return fault('wrapper', `postfix(1) runs ${program} as root, but ${untrusted.why}`, ...untrusted.remedy)
  }
  const wrong = findWrapperFault(wrapper)
  return wrong === undefined
    ? ok('wrapper', wrapper)
    : fault('wrapper', `multi_instance_wrapper is '${wrapper}', and ${wrong}`, init)
}

function examinePrimary({instance}: Primary): Examination {
  if (instance.multi_instance_enable) return ok('primary', `${instance.config_directory} is enabled`)
  const found = `${instance.config_directory} is disabled, so with other instances there mail of local users is not sent`
  return advice('primary', found, suggest`postmulti instances enable -`)
}

function examineInstances(list: InstanceList): Examination[] {
  const bare = readable(list).flatMap((each) => lackOf(each) ?? [])
  const faults = [...damaged(list), ...bare].map((each) => {
    return fault('instances', describeDamage(each), suggest`postmulti instances show ${each.config_directory}`)
  })
  return [ok('instances', `${readable(list).length - bare.length} can be read`), ...faults]
}

/** Programs that changes and starts need. */
function examineTools(): Examination[] {
  const places = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
  const isInstalled = (name: string): boolean => places.some((each) => isThere(`${each}/${name}`))
  const missing = Object.entries(packages).filter(([name]) => !isInstalled(name))
  if (missing.length === 0) return [ok('tools', 'flock(1) and script(1) are there')]
  return missing.map(([name, from]) => fault('tools', `${name}(1) is not there`, suggest`apt-get install ${from}`))
}

const packages: Record<string, string> = {flock: 'util-linux', script: 'bsdutils'}

/** How it starts instances, and which ones it would not. */
function examineSystemd(list: InstanceList): Examination[] {
  if (!hasSystemd()) return []
  const all = allListed(list)
  const units = readUnits(all)
  if (units.layout === undefined) return [advice('systemd', units.told)]
  const found = unitsOf(all, units)
  const isStarted = ({config_directory}: Instance): boolean => startsAtBoot(found.get(config_directory)!, units)
  const missing = readable(list).filter((each) => each.multi_instance_enable && !isStarted(each))
  if (missing.length === 0) return [ok('systemd', units.told)]
  const not = `it does not start ${missing.map(label).join(', ')} at boot`
  return [
    ok('systemd', units.told),
    advice('systemd', not, suggest`postmulti check --fix --yes --rule not-started-at-boot`),
  ]
}

/** Where we keep what is ours. */
function examinePlaces(findUntrusted: FindUntrusted): Examination[] {
  const places = [stateDirectory, cacheDirectory, policyDirectory].filter((each) => isThere(each))
  const faults = places.flatMap((each) => {
    const untrusted = findUntrusted(each)
    return untrusted === undefined ? [] : [fault('places', untrusted.why, ...untrusted.remedy)]
  })
  return faults.length === 0 ? [ok('places', places.join(', ') || 'none yet')] : faults
}
