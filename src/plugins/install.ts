/**
 * Installs plugins: all of them or none. Until its pin is written the roster takes a plugin for one that was not
 * installed to the end, so that a kill on the way lets nothing past.
 */
import {move, ours, removeTree, replaceFile} from '../files/act.ts'
import {isThere, quietly, readBytes} from '../files/read.ts'
import {isRecord, orFault, readJson} from '../hooks/faulty.ts'
import {integrityOf} from '../hooks/integrity.ts'
import {readManifest} from '../hooks/manifest.ts'
import {type Pin, packageName, readPins} from '../hooks/pins.ts'
import {checkPlugin, type RosterPlugin, readRoster, standIns} from '../hooks/roster.ts'
import {Refusal} from '../model/errors.ts'
import {type Packed, prepareNpm} from './npm.ts'
import {
  type Change,
  checkRecords,
  clearTarballs,
  installedPlaces,
  makeDirectory,
  whileLocked,
  writeJson,
} from './place.ts'
import {copySource} from './source.ts'
import {readSpec} from './spec.ts'

export interface Wishes extends Change {
  /** What packages bring to be run when they are made or installed. */
  allowScripts: boolean
  /** A line about what is going on. */
  tell(text: string): void
}

interface Chosen extends Packed {
  source: string
  offline: boolean
}

/**
 * What is installed now; a plugin of the same name is replaced. Relative paths begin in the working directory. Throws a
 * Refusal when one of them cannot be used, a ToolFailure when npm fails.
 */
export function installPlugins(words: readonly string[], wishes: Wishes): Promise<RosterPlugin[]> {
  const specs = words.map((each) => readSpec(each, process.cwd()))
  return whileLocked(wishes, async (lock) => {
    checkRecords()
    const {directory, tarballs} = installedPlaces()
    const aside = `${directory}/.aside`
    removeTree(aside)
    for (const each of [tarballs, aside]) makeDirectory(each)
    const npm = prepareNpm({...wishes, directory, tarballs, lock})
    try {
      const chosen: Chosen[] = []
      for (const {spec, isPath} of specs) {
        wishes.tell(`packing ${spec}`)
        // Who lets it run scripts lets it do more than that.
        const packed = isPath && !wishes.allowScripts ? copySource(spec, `${aside}/source`) : spec
        chosen.push(checkName({...(await npm.pack(packed, {offline: isPath})), source: spec, offline: isPath}))
      }
      return await orAsBefore(directory, aside, chosen, async () => {
        for (const each of chosen) {
          wishes.tell(`installing ${each.name} ${each.version}`)
          await npm.install(each, each)
        }
        return chosen.map((each) => checkUsable(each, pin(each)))
      })
    } finally {
      quietly(() => removeTree(aside))
      clearTarballs()
    }
  })
}

/** Nothing takes the place of a part of ours. */
function checkName(chosen: Chosen): Chosen {
  const {name} = chosen
  const bundled = readRoster().flatMap((each) => (each.bundled ? each.name : []))
  const taken = ['postmulti', ...Object.values<string>(standIns), ...bundled]
  if (taken.includes(name) || /^@(?:oclif|postmulti)\//.test(name) || !packageName.test(name)) {
    throw new Refusal(`A plugin cannot be called ${name}: that is a part of postmulti`)
  }
  return chosen
}

/** What was installed under these names comes back, with all records, when `act` throws. */
async function orAsBefore<T>(
  directory: string,
  aside: string,
  chosen: readonly Chosen[],
  act: () => Promise<T>,
): Promise<T> {
  const records = ['package.json', 'package-lock.json', 'pins.json'].map((name) => {
    const path = `${directory}/${name}`
    return {path, text: isThere(path) ? readBytes(path) : undefined}
  })
  const moved = [...new Set(chosen.map(({name}) => name))].map((name) => ({
    place: `${directory}/node_modules/${name}`,
    kept: `${aside}/${encodeURIComponent(name)}`,
  }))
  // npm takes what is there for what it has put there: it would bring nothing back that was changed by hand.
  for (const {place, kept} of moved) if (isThere(place)) move(place, kept)
  try {
    return await act()
  } catch (error) {
    for (const {path, text} of records) {
      if (text === undefined) removeTree(path)
      else replaceFile(path, text, {mode: 0o644, ...ours()})
    }
    for (const {place, kept} of moved) {
      removeTree(place)
      if (isThere(kept)) move(kept, place)
    }
    // npm's own notes on what is in node_modules.
    removeTree(`${directory}/node_modules/.package-lock.json`)
    throw error
  }
}

function pin(chosen: Chosen): string {
  const {name, version, source} = chosen
  const {directory, pins} = installedPlaces()
  const root = `${directory}/node_modules/${name}`
  const manifest = orFault(() => readManifest(root))
  if (manifest instanceof Error) throw unusable(chosen, manifest.message)
  const hooks = [...new Set(manifest.hooks.map(({event}) => event))]
  const own: Pin = {version, integrity: integrityOf(root), hooks, source}
  writeJson(pins, {...readPins(pins), [name]: own})
  return name
}

function checkUsable(chosen: Chosen, name: string): RosterPlugin {
  const roster = readRoster()
  checkRecords(roster)
  const plugin = checkPlugin(roster.find((each) => each.name === name)!)
  if (plugin.fault !== undefined) throw unusable(chosen, plugin.fault)
  return plugin
}

/** A directory may have to be built first. */
function unusable({name, source}: Chosen, fault: string): Refusal {
  const directory = source.replace(/^file:/, '')
  const manifest = orFault(() => readJson(`${directory}/package.json`))
  const canBeBuilt = isRecord(manifest) && isRecord(manifest.scripts) && 'build' in manifest.scripts
  return new Refusal(`${name} cannot be used, and was not installed: ${fault}`, {
    suggestions: canBeBuilt ? [['npm', '--prefix', directory, 'run', 'build']] : [],
  })
}
