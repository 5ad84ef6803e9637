/** The directory of installed plugins, while it is changed: by root, one change of the host at a time. */
import {dirname} from 'node:path'
import {type Lock, takeLock} from '../apply/lock.ts'
import {makeDirectories, ours, removeTree, replaceFile} from '../files/act.ts'
import {readPins, rootOf} from '../hooks/pins.ts'
import {list, type RosterPlugin, readNames, readRoster, standIns, usualPlaces} from '../hooks/roster.ts'
import {findUntrusted} from '../hooks/trust.ts'
import {Refusal} from '../model/errors.ts'
import {stateDirectory} from '../model/places.ts'
import {type Suggestion, suggest} from '../model/suggestion.ts'
import {asFailure} from '../model/system-error.ts'
import {typed} from '../model/typed.ts'

export interface Change {
  /** The words behind `postmulti`. */
  words: readonly string[]
  warn(text: string): void
}

/** Throws a Refusal for anybody but root, a ToolFailure when something cannot be written. */
export async function whileLocked<T>({words, warn}: Change, act: (lock: Lock) => T | Promise<T>): Promise<T> {
  const command = ['postmulti', ...words]
  if (process.geteuid!() !== 0) {
    throw new Refusal('Only root can change plugins', {suggestions: [suggest`sudo ${command}`]})
  }
  const lock = await takeLock(stateDirectory, typed(command), (holder) => warn(`waiting for ${holder}`))
  try {
    return await act(lock)
  } catch (error) {
    throw asFailure(error)
  } finally {
    lock.release()
  }
}

/** Throws a Refusal while nobody can say which plugins there are: what was installed would go lost. */
export function checkRecords(roster: readonly RosterPlugin[] = readRoster()): void {
  const broken = roster.find(({name}) => name === standIns.pins)
  if (broken !== undefined) throw new Refusal(broken.fault!, {suggestions: broken.remedy})
}

/** Places that others could change, plugins apart: what is in them will be trusted, or decides about plugins. */
export function findUnsafePlaces(
  plugins: readonly RosterPlugin[],
): {name: string; fault: string; remedy: readonly Suggestion[]}[] {
  const {installed, settings} = usualPlaces()
  return [installed, dirname(settings)].flatMap((name) => {
    const found = findUntrusted(name, name)
    // Without an owner it is not there, or not for us to see.
    if (found === undefined || found.owner === '') return []
    const isTold = plugins.some(({fault}) => fault === found.why)
    return isTold ? [] : [{name, fault: found.why, remedy: found.remedy}]
  })
}

/** With missing parents; others can look into it, if they reach it. */
export function makeOwn(path: string): void {
  makeDirectories(path, 0o755)
}

/** The whole file or the old one, whatever happens. */
export function writeJson(path: string, value: unknown): void {
  makeOwn(dirname(path))
  replaceFile(path, Buffer.from(`${JSON.stringify(value, null, 2)}\n`), {mode: 0o644, ...ours()})
}

/**
 * What killed runs have left, versions that no pin names, and what older programs had beside the plugins. What has no pin
 * at all stays: it is missed.
 */
export function clearAway(): void {
  const {directory, staging, versions, pins} = installedPlaces()
  removeTree(staging)
  const known = Object.entries(readPins(pins))
  for (const [name, pin] of known) {
    const kept = rootOf(directory, name, pin)
    const roots = [
      `${directory}/node_modules/${name}`,
      ...list(`${versions}/${name}`).map((each) => `${versions}/${name}/${each}`),
    ]
    for (const each of roots) if (each !== kept) removeTree(each)
  }
  const old = readNames(`${directory}/node_modules`).length === 0 ? ['node_modules'] : []
  for (const each of [...old, 'package.json', 'package-lock.json', 'tarballs']) removeTree(`${directory}/${each}`)
}

export interface InstalledPlaces {
  directory: string
  /** Where plugins are made ready. */
  staging: string
  /** Has a directory for each plugin, with its versions by their numbers. */
  versions: string
  pins: string
}

export function installedPlaces(): InstalledPlaces {
  const {installed: directory} = usualPlaces()
  return {
    directory,
    staging: `${directory}/.aside`,
    versions: `${directory}/versions`,
    pins: `${directory}/pins.json`,
  }
}
