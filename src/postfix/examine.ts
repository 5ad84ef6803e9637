/**
 * Whether this host is ready: Postfix, the program that postfix(1) calls, prototypes, instances, tools and our own
 * places. Looks, and changes nothing. Source: MULTI_INSTANCE_README; postfix-wrapper(5); post-install for prototypes.
 */
import {existsSync, realpathSync, statSync} from 'node:fs'
import {Refusal} from '../model/errors.ts'
import {advice, type Examination, fault, ok} from '../model/examination.ts'
import {damaged, describeDamage, type InstanceList, readable} from '../model/instance.ts'
import {cacheDirectory, policyDirectory, stateDirectory} from '../model/places.ts'
import {explainError} from '../model/system-error.ts'
import {typed} from '../model/typed.ts'
import {isRootsAlone} from './defaults.ts'
import {checkSharedDirectories} from './facts.ts'
import type {Primary} from './primary.ts'

/** `root` is the directory of this program. */
export function examineHost(root: string, primary: Primary, list: InstanceList): Examination[] {
  return [
    ok('Node.js', `${process.version} in ${process.execPath}`),
    examineVersion(primary),
    ...examineDirectories(primary),
    ...examinePrototypes(primary),
    examineProgram(root, primary),
    examineWrapper(primary, list),
    examinePrimary(primary),
    ...examineInstances(list),
    ...examineTools(),
    ...examineSystemd(),
    ...examinePlaces(),
  ]
}

function examineVersion(primary: Primary): Examination {
  const found = `${primary.parameter('mail_version')}, with its commands in ${primary.parameter('command_directory')}`
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(primary.parameter('mail_version')) ?? []
  const isOld = Number(major) * 1000 + Number(minor) < 3004
  return isOld ? advice('Postfix', `${found}: older than 3.4, which nobody has tried`) : ok('Postfix', found)
}

/** The directories that all instances share. */
function examineDirectories(primary: Primary): Examination[] {
  try {
    checkSharedDirectories(primary)
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [fault('shared directories', error.message)]
  }
}

/** What `create` copies. */
function examinePrototypes(primary: Primary): Examination[] {
  const paths = ['main.cf', 'master.cf'].map((each) => `${primary.parameter('meta_directory')}/${each}.proto`)
  const missing = paths.filter((each) => !existsSync(each))
  if (missing.length === 0) return [ok('prototypes', paths.join(' and '))]
  return missing.map((each) => fault('prototypes', `${each} is not there, so no instance can be created`))
}

/** Whether who types postmulti, and postfix(1), reach us. */
function examineProgram(root: string, primary: Primary): Examination {
  const ours = `${realpathSync(root)}/bin/postmulti`
  const path = `${primary.parameter('command_directory')}/postmulti`
  const found = existsSync(path) ? realpathSync(path) : undefined
  if (found === ours) return ok('program', `${path} is this program`)
  const link = typed(['ln', '-s', ours, path])
  if (found === undefined) return advice('program', `${path} is not there: postfix(1) looks for it`, link)
  const divert = typed(['dpkg-divert', '--local', '--rename', '--add', path])
  return advice('program', `${path} is another program than this one, and postfix(1) calls that`, divert, link)
}

function examineWrapper(primary: Primary, {secondaries}: InstanceList): Examination {
  const wrapper = primary.printed('multi_instance_wrapper')
  const init = 'postmulti instances init'
  if (wrapper === '') {
    if (secondaries.length === 0) return advice('wrapper', 'this host is not prepared for a second instance yet', init)
    return fault('wrapper', 'multi_instance_wrapper is empty: postfix(1) starts and stops the primary alone', init)
  }
  const [program = ''] = wrapper.split(' ')
  const stats = statSync(program, {throwIfNoEntry: false})
  if (stats === undefined) return fault('wrapper', `multi_instance_wrapper names ${program}, which is not there`, init)
  if (!stats.isFile() || (stats.mode & 0o111) === 0) {
    return fault('wrapper', `multi_instance_wrapper names ${program}, which cannot be run`, init)
  }
  if (!isRootsAlone(program)) {
    const remedy = typed(['chmod', 'go-w', realpathSync(program)])
    return fault('wrapper', `${program}, which postfix(1) runs as root, can be changed by other users`, remedy)
  }
  return ok('wrapper', wrapper)
}

function examinePrimary({instance}: Primary): Examination {
  if (instance.multi_instance_enable) return ok('primary', `${instance.config_directory} is enabled`)
  const found = `${instance.config_directory} is disabled, so with other instances there mail of local users is not sent`
  return advice('primary', found, 'postmulti instances enable -')
}

function examineInstances(list: InstanceList): Examination[] {
  const faults = damaged(list).map((each) => {
    return fault('instances', describeDamage(each), typed(['postmulti', 'instances', 'show', each.config_directory]))
  })
  return [ok('instances', `${readable(list).length} can be read`), ...faults]
}

/** Programs that changes and starts cannot do without. */
function examineTools(): Examination[] {
  const places = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
  const isThere = (name: string): boolean => places.some((each) => existsSync(`${each}/${name}`))
  const missing = ['flock', 'script'].filter((each) => !isThere(each))
  if (missing.length === 0) return [ok('tools', 'flock(1) and script(1) are there')]
  return missing.map((each) => fault('tools', `${each}(1) is not there`, `apt-get install ${packages[each]}`))
}

const packages: Record<string, string> = {flock: 'util-linux', script: 'bsdutils'}

/** Debian's package has a unit for each instance. */
function examineSystemd(): Examination[] {
  if (!existsSync('/run/systemd/system')) return []
  const unit = ['/etc', '/usr/local/lib', '/usr/lib', '/lib'].map((each) => `${each}/systemd/system/postfix@.service`)
  const found = unit.find((each) => existsSync(each))
  return [ok('systemd', found === undefined ? 'one unit for all instances' : `a unit for each instance, ${found}`)]
}

/** Where we keep what is ours. */
function examinePlaces(): Examination[] {
  const places = [stateDirectory, cacheDirectory, policyDirectory].filter((each) => existsSync(each))
  const open = places.filter((each) => !isRootsAlone(each))
  const faults = open.map((each) => fault('places', `${each} can be changed by others than root`, mend(each)))
  return [...(open.length === 0 ? [ok('places', places.join(', ') || 'none yet')] : faults), ...examineJournal()]
}

function mend(directory: string): string {
  return `${typed(['chown', 'root:root', directory])} && ${typed(['chmod', 'go-w', directory])}`
}

function examineJournal(): Examination[] {
  try {
    if (!existsSync(`${stateDirectory}/pending`)) return []
    const {mtime} = statSync(`${stateDirectory}/pending`)
    const since = mtime.toISOString()
    return [advice('journal', `a change is under way, or was killed (${since}): the next one takes it back`)]
  } catch (error) {
    return [advice('journal', `${stateDirectory}: ${explainError(error)}`)]
  }
}
