/**
 * How systemd starts instances on this host, read from its unit files. No version is compared: Debian has changed the
 * units in the middle of a release, and a site may bring its own.
 * Source: systemd.unit(5), "UNIT FILE LOAD PATH"; postfix@.service and postfix-instance-generator of Debian.
 */
import {foreignOnWay} from '../../files/directory.ts'
import {isThere, lookAt, namesIn, quietly, readTarget, readText, tryText} from '../../files/read.ts'
import {policyDirectory} from '../../model/base/places.ts'
import {allListed, type InstanceList, type Listed} from '../../model/instance/instance.ts'
import {
  type DropIn,
  dropInName,
  formerDropInName,
  isElsewhere,
  marker,
  occupantOf,
  startsOf,
  type UnitLayout,
  type Units,
  unitDirectory,
  unitsOf,
  wantsDirectory,
} from '../../model/units/units.ts'

const places = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib']
const generatorName = 'system-generators/postfix-instance-generator'
const generatedDirectory = '/run/systemd/generator/postfix.service.wants'

/** Whether systemd is process 1. Source: sd_booted(3). */
export function hasSystemd(): boolean {
  return isThere('/run/systemd/system')
}

/** `wanted`: what was typed; absent, units are for hosts where systemd runs and the site has not said otherwise. */
export function usesUnits(wanted: boolean | undefined): boolean {
  return wanted ?? (hasSystemd() && !isSwitchedOff())
}

/** The setting of the plugin that did this before. */
function isSwitchedOff(): boolean {
  const text = tryText(`${policyDirectory}/plugins.json`)
  try {
    return JSON.parse(text ?? '{}').systemd?.mode === 'off'
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return false
    throw error
  }
}

/** Who starts at boot, by config_directory; empty where systemd does not matter. */
export function readStarts(list: InstanceList): Map<string, boolean> {
  const all = allListed(list)
  return usesUnits(undefined) ? startsOf(all, readUnits(all)) : new Map()
}

/** As far as these instances are concerned, and without the drop-ins of those that a link alone starts. */
export function readUnits(list: readonly Listed[]): Units {
  const units = readAllBut(list)
  const elsewhere = [...unitsOf(list, units).values()].flatMap((each) =>
    each.name !== undefined && each.elsewhere ? `${each.name}.d` : [],
  )
  return {...units, dropIns: readDropIns(elsewhere)}
}

/** The same with all drop-ins, which a change needs. */
export function readUnitFiles(list: readonly Listed[]): Units {
  const units = readAllBut(list)
  const names = [...units.directories].map((each) => each.slice(unitDirectory.length + 1))
  return {...units, dropIns: readDropIns(names.filter((each) => /^postfix@.*\.service\.d$/s.test(each)))}
}

function readAllBut(list: readonly Listed[]): Units {
  const elsewhere = list.filter(isElsewhere)
  const names = namesIn(unitDirectory)
  return {
    ...readLayout(),
    runs: hasSystemd(),
    wants: readWants(),
    masked: names.filter((each) => each.startsWith('postfix') && isMasked(`${unitDirectory}/${each}`)),
    generated: namesIn(generatedDirectory),
    directories: new Set(names.map((each) => `${unitDirectory}/${each}`)),
    occupied: new Set(elsewhere.map(occupantOf).filter((each) => isThere(each))),
    foreign: new Set(elsewhere.map((each) => each.config_directory).filter(isOpenToOthers)),
    dropIns: new Map(),
  }
}

function isOpenToOthers(path: string): boolean {
  return (quietly(() => foreignOnWay(path)) ?? [path]).length > 0
}

function readLayout(): {layout: UnitLayout | undefined; told: string; file: string} {
  const template = findUnitFile('postfix@.service')
  if (template !== undefined) {
    const text = tryText(template) ?? ''
    if (isMasked(template)) return {layout: undefined, told: `${template} is masked`, file: template}
    if (text.includes('/etc/postfix-%I')) return toLayout('by directory', 'a unit for each /etc/postfix-NAME', template)
    if (places.some((each) => isThere(`${each}/systemd/${generatorName}`))) {
      return toLayout('by name', 'a unit for each multi_instance_name', template)
    }
    return {layout: undefined, told: `${template} is a unit that postmulti does not know`, file: template}
  }
  const single = findUnitFile('postfix.service')
  if (single === undefined) return {layout: undefined, told: 'there is no postfix.service', file: ''}
  if (isMasked(single)) return {layout: undefined, told: `${single} is masked`, file: single}
  return toLayout('one unit', 'one unit for all instances', single)
}

function toLayout(layout: UnitLayout, told: string, file: string): {layout: UnitLayout; told: string; file: string} {
  return {layout, told: `${told}, ${file}`, file}
}

function findUnitFile(name: string): string | undefined {
  return places
    .map((each) => `${each}/systemd/system/${name}`)
    .find((each) => quietly(() => lookAt(each)) !== undefined)
}

function isMasked(path: string): boolean {
  return linkTarget(path) === '/dev/null'
}

function linkTarget(path: string): string | undefined {
  return quietly(() => (lookAt(path)?.isSymbolicLink() ? readTarget(path) : undefined))
}

function readWants(): Map<string, string | undefined> {
  const found = namesIn(wantsDirectory).filter((each) => each.startsWith('postfix'))
  return new Map(found.map((each) => [each, linkTarget(`${wantsDirectory}/${each}`)]))
}

/** `directories` are names in /etc/systemd/system. */
function readDropIns(directories: readonly string[]): Map<string, DropIn> {
  return new Map(
    directories.flatMap((each) => {
      const all = namesIn(`${unitDirectory}/${each}`)
      return all
        .filter((name) => name === dropInName || name === formerDropInName)
        .map((name): [string, DropIn] => {
          const path = `${unitDirectory}/${each}/${name}`
          const text = quietly(() => readText(path, 'latin1'))
          return [path, {text, isOurs: text?.startsWith(marker) ?? false, alone: all.length === 1}]
        })
    }),
  )
}

/** The name of the unit in whose control group a process runs; undefined where that cannot be seen. */
export function unitOfProcess(pid: number): string | undefined {
  const text = tryText(`/proc/${pid}/cgroup`)
  return /^(?:0:|\d+:name=systemd):.*?\/([^/\n]+\.(?:service|scope))(?:\/[^\n]*)?$/m.exec(text ?? '')?.[1]
}
