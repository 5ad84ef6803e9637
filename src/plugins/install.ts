/**
 * Installs plugins: all of them or none. Each is made ready aside, and looked at there; it counts when its pin is
 * written, so that a kill on the way leaves what was there.
 */

import {makeDirectory, moveFile, remove, removeTree} from '../files/act.ts'
import {quietly} from '../files/read.ts'
import {orFault, readJson} from '../hooks/faulty.ts'
import {integrityOf} from '../hooks/integrity.ts'
import {readManifest} from '../hooks/manifest.ts'
import {type Pin, packageName, readPins, rootOf} from '../hooks/pins.ts'
import {checkPlugin, directoriesIn, type RosterPlugin, readCandidate, readRoster, standIns} from '../hooks/roster.ts'
import {Refusal} from '../model/base/errors.ts'
import {isRecord} from '../model/base/json.ts'
import {own} from '../model/base/own.ts'
import type {Suggestion} from '../model/base/suggestion.ts'
import {type Packed, prepareNpm} from './npm.ts'
import {
  checkRecords,
  clearAway,
  type Hands,
  installedPlaces,
  makeOwn,
  type PluginCommand,
  toState,
  whileLocked,
} from './place.ts'
import {copySource} from './source.ts'
import {readSpec} from './spec.ts'

export interface Wishes extends PluginCommand {
  /** What packages bring to be run when they are made or installed. */
  allowScripts: boolean
  /** The commands that they bring are loaded. */
  allowCommands: boolean
  /** A line about what is going on. */
  remark(text: string): void
  /** With a fault where it does not answer. */
  examine(plugin: RosterPlugin): Promise<RosterPlugin>
}

interface ChosenPackage extends Packed {
  source: string
  offline: boolean
}

/** Ready to take its place. */
interface Ready {
  name: string
  /** Where it is until then. */
  aside: string
  pin: Pin
}

/**
 * What is installed now; a plugin of the same name is replaced. Relative paths begin in the working directory. Throws a
 * Refusal when one of them cannot be used, a ToolFailure when npm fails.
 */
export function installPlugins(words: readonly string[], wishes: Wishes): Promise<RosterPlugin[]> {
  const specs = words.map((each) => readSpec(each, process.cwd()))
  return whileLocked(wishes, async ({lock, write}) => {
    checkRecords()
    clearAway()
    const {staging} = installedPlaces()
    makeOwn(staging)
    const npm = prepareNpm({...wishes, directory: staging, lock})
    try {
      const chosen = new Map<string, ChosenPackage>()
      for (const {spec, isPath} of specs) {
        wishes.remark(`packing ${spec}`)
        // A plugin that may run scripts may do more than that.
        const packed = isPath && !wishes.allowScripts ? copySource(spec, `${staging}/source`) : spec
        const each = {...(await npm.pack(packed, {offline: isPath})), source: spec, offline: isPath}
        checkInstallable(each.name)
        chosen.set(each.name, each)
      }
      const ready: Ready[] = []
      for (const [at, each] of [...chosen.values()].entries()) {
        wishes.remark(`installing ${each.name} ${each.version}`)
        const prefix = `${staging}/${at}`
        makeDirectory(prefix, 0o755)
        await npm.install(each, prefix)
        ready.push(await checkUsable(each, `${prefix}/node_modules/${each.name}`, wishes))
      }
      await takePlace(ready, write)
      const roster = readRoster()
      return ready.flatMap(({name}) => roster.filter((each) => each.name === name))
    } finally {
      quietly(clearAway)
    }
  })
}

/** No plugin takes the place of a part of postmulti. */
function checkInstallable(name: string): void {
  // npm takes names of members of every object for its own settings.
  if (!packageName.test(name) || name in {}) throw new Refusal(`npm cannot install a plugin called ${name}`)
  const bundled = readRoster().flatMap((each) => (each.bundled ? each.name : []))
  const taken = ['postmulti', ...Object.values<string>(standIns), ...bundled]
  if (taken.includes(name) || /^@(?:oclif|postmulti)\//.test(name)) {
    throw new Refusal(`A plugin cannot be called ${name}: that is a part of postmulti`)
  }
}

async function checkUsable(chosen: ChosenPackage, aside: string, {examine, allowCommands}: Wishes): Promise<Ready> {
  const {name, version, source} = chosen
  const manifest = orFault(() => readManifest(aside))
  if (manifest instanceof Error) throw unusable(chosen, manifest.message, [])
  const hooks = [...new Set(manifest.hooks.map(({event}) => event))]
  const number =
    Math.max(0, ...directoriesIn(`${installedPlaces().versions}/${name}`).map((each) => Number(each) || 0)) + 1
  const pin: Pin = {
    version,
    integrity: integrityOf(aside),
    hooks,
    source,
    number,
    ...(allowCommands ? {commands: true} : {}),
  }
  const {fault, remedy} = await examine(readCandidate(name, aside, pin))
  if (fault !== undefined) throw unusable(chosen, fault, remedy)
  return {name, aside, pin}
}

/** All of them at once, by the pins. */
async function takePlace(ready: readonly Ready[], write: Hands['write']): Promise<void> {
  const {directory, versions, pins} = installedPlaces()
  const known = readPins(pins)
  const becomes = Object.fromEntries(ready.map(({name, pin}) => [name, withBefore(name, pin, own(known, name))]))
  const plugins = ready.map(({name, pin}) => ({name, before: toState(own(known, name)), after: toState(pin)}))
  try {
    for (const {name, aside, pin} of ready) {
      makeOwn(`${versions}/${name}`)
      moveFile(aside, rootOf(directory, name, pin))
    }
    await write(pins, {...known, ...becomes}, {action: 'plugins', how: 'install', plugins})
  } catch (error) {
    // Without a pin it would count as missing.
    for (const {name, pin} of ready) {
      quietly(() => removeTree(rootOf(directory, name, pin)))
      quietly(() => remove(`${versions}/${name}`))
    }
    throw error
  }
}

/** What was there is kept for a rollback, if it could still be used and was something else. */
function withBefore(name: string, pin: Pin, old: Pin | undefined): Pin {
  if (old === undefined) return pin
  const {before, ...last} = old
  const {fault} = checkPlugin(readCandidate(name, rootOf(installedPlaces().directory, name, last), last))
  const kept = fault === undefined && last.integrity !== pin.integrity ? last : before
  return kept === undefined ? pin : {...pin, before: kept}
}

/** A file that is missing, or is not as it should be, may have to be built first. */
function unusable({name, version, source}: ChosenPackage, fault: string, remedy: readonly Suggestion[]): Refusal {
  const directory = source.replace(/^file:/, '')
  const manifest = orFault(() => readJson(`${directory}/package.json`))
  const canBeBuilt = isRecord(manifest) && isRecord(manifest.scripts) && 'build' in manifest.scripts
  const isAboutFile = /is not there$|cannot be loaded|to export$/.test(fault)
  return new Refusal(`${name} ${version} cannot be used, and was not installed: ${fault}`, {
    suggestions: [
      ...(canBeBuilt && isAboutFile ? [['npm', '--prefix', directory, 'run', 'build']] : []),
      // What is there works.
      ...remedy.filter((each) => !(Array.isArray(each) && each.includes('uninstall'))),
    ],
  })
}
