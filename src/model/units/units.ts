/**
 * Which unit of systemd starts an instance, and which of our files in /etc/systemd/system go with it.
 * Source: postfix@.service of Debian: by directory since 3.9.1-7, by name with postfix-instance-generator before;
 * systemd.unit(5); systemd-escape(1).
 */

import {toBytes} from '../base/text.ts'
import {type Instance, isDamaged, type Listed, label} from '../instance/instance.ts'

/** One unit: the wrapper starts the others. */
export type UnitLayout = 'by directory' | 'by name' | 'one unit'

export interface Units {
  /** Undefined where there is none, or an unknown one. */
  layout: UnitLayout | undefined
  /** The unit file that says so; why there is no layout. */
  told: string
  /** What a link leads to that enables a unit. */
  file: string
  /** systemd is process 1. */
  runs: boolean
  /** What is in multi-user.target.wants, and where it leads to; undefined for what is not a link. */
  wants: ReadonlyMap<string, string | undefined>
  /** Units that are masked. */
  masked: readonly string[]
  /** Drop-ins that are called as ours are or were, by their paths. */
  dropIns: ReadonlyMap<string, DropIn>
  /** Units that Debian's generator has made. */
  generated: readonly string[]
  /** Directories in /etc/systemd/system, by their paths. */
  directories: ReadonlySet<string>
  /** Of the main.cf files of other instances that would have the unit of one elsewhere: those that are there. */
  occupied: ReadonlySet<string>
  /** Of the config_directories elsewhere: those that others than root can write, or a directory above. */
  foreign: ReadonlySet<string>
}

export interface DropIn {
  /** Latin1; undefined where it cannot be read. */
  text: string | undefined
  /** It begins with our first line. */
  isOurs: boolean
  /** There is nothing else in its directory. */
  alone: boolean
}

export type Unit =
  | {name: string /** It is not in /etc/postfix-X. */; elsewhere: boolean}
  /** Why there is none. */
  | {name?: undefined; why: string}

export const unitDirectory = '/etc/systemd/system'
export const wantsDirectory = `${unitDirectory}/multi-user.target.wants`

/** The first line of a file that is ours to change. */
export const marker = '# Written by postmulti: changed and removed with the instance list.'

export const dropInName = '50-postmulti.conf'
/** As it was called when the units were named otherwise. */
export const formerDropInName = '50-postmulti-order.conf'

/** By config_directory; `list` has the primary first, then the others in start order. Empty where there is no layout. */
export function unitsOf(list: readonly Listed[], units: Units): Map<string, Unit> {
  const [primary, ...secondaries] = list
  const found = new Map<string, Unit>()
  if (primary === undefined || units.layout === undefined) return found
  const isByName = units.layout === 'by name'
  const ofPrimary = {name: isByName ? 'postfix@-.service' : 'postfix.service', elsewhere: false}
  found.set(primary.config_directory, ofPrimary)
  if (units.layout === 'one unit') return new Map(list.map((each) => [each.config_directory, ofPrimary]))
  // The instance whose directory names the unit has it, whatever its place.
  const nearest = isByName ? [] : secondaries.filter((each) => !isElsewhere(each))
  const others = secondaries.filter((each) => !nearest.includes(each))
  const taken = new Set<string>()
  for (const each of [...nearest, ...others]) {
    const unit = isByName ? byName(each) : byDirectory(each, taken, units)
    found.set(each.config_directory, unit)
    if (unit.name !== undefined) taken.add(unit.name)
  }
  return found
}

/** postfix@.service does not find it by its directory. */
export function isElsewhere({config_directory}: Listed): boolean {
  return !/^\/etc\/postfix-[^/]+$/s.test(config_directory)
}

/** Where the instance would be that has the unit of one elsewhere by its directory. */
export function occupantOf(listed: Listed): string {
  return `/etc/postfix-${ownNameOf(listed)}/main.cf`
}

function ownNameOf({config_directory, multi_instance_name = ''}: Listed): string {
  return multi_instance_name.replace(/^postfix-/, '') || config_directory.replace(/.*\//s, '')
}

function byDirectory(listed: Listed, taken: ReadonlySet<string>, units: Units): Unit {
  const {config_directory} = listed
  if (!isElsewhere(listed)) return fitting(escapeName(config_directory.slice('/etc/postfix-'.length)), false)
  const unit = fitting(escapeName(ownNameOf(listed)), true)
  if (unit.name === undefined) return unit
  if (units.foreign.has(config_directory)) {
    return {why: `others than root can write ${config_directory}, or a directory above it`}
  }
  if (taken.has(unit.name) || units.occupied.has(occupantOf(listed))) {
    return {why: `${unit.name} is the unit of another instance`}
  }
  return unit
}

/** A unit passes its name on as it is, so systemd-escape(1) does not help. */
function byName({multi_instance_name: name = ''}: Listed): Unit {
  if (name === '') return {why: 'it has no name'}
  const [character] = /[^A-Za-z0-9:_.@-]/.exec(name) ?? []
  if (character !== undefined) return {why: `a unit name cannot contain '${character}'`}
  return fitting(name, false)
}

function fitting(own: string, elsewhere: boolean): Unit {
  const name = `postfix@${own}.service`
  return name.length < 256 ? {name, elsewhere} : {why: 'its name is too long for a unit'}
}

/** As `systemd-escape TEXT` prints it. */
export function escapeName(text: string): string {
  return [...toBytes(text)]
    .map((byte, at) => {
      const character = String.fromCharCode(byte)
      if (character === '/') return '-'
      return /[A-Za-z0-9:_.]/.test(character) && (at > 0 || character !== '.')
        ? character
        : `\\x${byte.toString(16).padStart(2, '0')}`
    })
    .join('')
}

/** Whether systemd starts the unit when it boots. */
export function startsAtBoot(unit: Unit, units: Units): boolean {
  if (unit.name === undefined || units.masked.includes(unit.name)) return false
  // The generator links all that are listed to it.
  if (units.layout === 'by name') return isLinked('postfix.service', units)
  return isLinked(unit.name, units) && (!unit.elsewhere || units.dropIns.has(dropInOf(unit.name)))
}

/** The same of all that can be read, by config_directory; `list` has the primary first. */
export function startsOf(list: readonly Listed[], units: Units): Map<string, boolean> {
  const found = unitsOf(list, units)
  return new Map(
    list.flatMap((each) => {
      const unit = found.get(each.config_directory)
      if (unit === undefined || isDamaged(each)) return []
      // Other units than these ask for the switch.
      const isMeant = units.layout === 'by directory' || each.multi_instance_enable
      return [[each.config_directory, isMeant && startsAtBoot(unit, units)] as const]
    }),
  )
}

/** systemd goes by the name of the unit file, and follows the link. */
export function isLinked(name: string, {wants}: Units): boolean {
  const file = wants.get(name)?.replace(/.*\//s, '')
  return file === name || file === name.replace(/@.*(?=\.service$)/s, '@')
}

/** What ought to be in /etc/systemd/system for these instances: the text of a drop-in, or null for a link. */
export function unitFiles(list: readonly Listed[], units: Units): Map<string, string | null> {
  const files = new Map<string, string | null>()
  if (units.layout === 'one unit') return files
  const found = unitsOf(list, units)
  let earlier = units.layout === 'by name' ? 'postfix@-.service' : undefined
  for (const each of list.slice(1)) {
    const unit = found.get(each.config_directory)
    if (unit?.name === undefined || isDamaged(each)) continue
    const {name} = unit
    if (each.multi_instance_enable && units.layout === 'by directory') files.set(linkOf(name), null)
    const text = dropInText(each, unit.elsewhere, each.multi_instance_enable ? earlier : undefined)
    if (text !== undefined) files.set(dropInOf(name), text)
    if (each.multi_instance_enable) earlier = name
  }
  return files
}

export function linkOf(unit: string): string {
  return `${wantsDirectory}/${unit}`
}

export function dropInOf(unit: string): string {
  return `${unitDirectory}/${unit}.d/${dropInName}`
}

/**
 * It waits for the enabled one before it: systemd starts all at once. The primary is never named where postfix@.service
 * has to start before it, because systemd silently drops one unit of a circle.
 */
function dropInText({config_directory}: Instance, elsewhere: boolean, earlier: string | undefined): string | undefined {
  if (!elsewhere && earlier === undefined) return undefined
  const plain = config_directory.replaceAll('%', '%%')
  const quoted = plain.replace(/[\\"]/g, '\\$&')
  return [
    marker,
    '',
    '[Unit]',
    ...(earlier === undefined ? [] : [`After=${earlier}`]),
    ...(elsewhere ? ['AssertPathExists=', `AssertPathExists=${plain}/main.cf`] : []),
    ...(elsewhere ? ['', '[Service]', `Environment="MAIL_CONFIG=${quoted}"`] : []),
    '',
  ].join('\n')
}

/** Of a drop-in that is ours, and useless by now. */
export function staleDropIns(list: readonly Listed[], units: Units): string[] {
  if (units.layout === undefined) return []
  const wanted = unitFiles(list, units)
  const found = unitsOf(list, units)
  const unread = list.flatMap((each) => (isDamaged(each) ? (found.get(each.config_directory)?.name ?? []) : []))
  const kept = unread.map(dropInOf)
  return [...units.dropIns].flatMap(([path, {isOurs}]) => {
    return isOurs && !wanted.has(path) && !kept.includes(path) ? path : []
  })
}

/** Why systemd does not start it. */
export function describeUnitless(instance: Instance, why: string): string {
  return `systemd will not start ${label(instance)} at boot: ${why}`
}
