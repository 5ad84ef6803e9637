/** The directory of installed plugins, while it is changed: by root, one change of the host at a time. */
import {basename, dirname} from 'node:path'
import {type Lock, takeLock} from '../apply/lock.ts'
import {makeDirectories, ours, remove, replaceFile} from '../files/act.ts'
import {isThere, quietly, readEntries} from '../files/read.ts'
import {Faulty, orFault, readTrustedJson} from '../hooks/faulty.ts'
import {type RosterPlugin, readRoster, standIns, usualPlaces} from '../hooks/roster.ts'
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
  const broken = roster.find((each) => each.name === standIns.pins || each.name === standIns.records)
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
export function makeDirectory(path: string): void {
  makeDirectories(path, 0o755)
}

/** The whole file or the old one, whatever happens. */
export function writeJson(path: string, value: unknown): void {
  makeDirectory(dirname(path))
  replaceFile(path, Buffer.from(`${JSON.stringify(value, null, 2)}\n`), {mode: 0o644, ...ours()})
}

/**
 * Packages that nothing is installed from any more; npm may need the others to bring a plugin back. What cannot be cleared
 * away now is so with the next change.
 */
export function clearTarballs(): void {
  const {tarballs, records} = installedPlaces()
  const known = orFault(() => readTrustedJson(records))
  if (known instanceof Faulty) return
  const needed = Object.values((known.dependencies ?? {}) as Record<string, string>).map((each) => basename(each))
  quietly(() => {
    const kept = isThere(tarballs) ? readEntries(tarballs) : []
    for (const {name} of kept) if (!needed.includes(name)) remove(`${tarballs}/${name}`)
  })
}

export interface InstalledPlaces {
  directory: string
  /** The packages that were unpacked. */
  tarballs: string
  pins: string
  /** npm's. */
  records: string
}

export function installedPlaces(): InstalledPlaces {
  const {installed: directory} = usualPlaces()
  return {
    directory,
    tarballs: `${directory}/tarballs`,
    pins: `${directory}/pins.json`,
    records: `${directory}/package.json`,
  }
}
