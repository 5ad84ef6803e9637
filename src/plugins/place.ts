/** The directory of installed plugins, while it is changed: by root, one change of the host at a time. */

import {dirname} from 'node:path'
import {apply, recover} from '../apply/apply.ts'
import {describeCaller} from '../apply/journal.ts'
import {type Lock, takeLock} from '../apply/lock.ts'
import {runProgram} from '../apply/run-program.ts'
import {makeDirectories, removeTree} from '../files/act.ts'
import {isRoot} from '../files/caller.ts'
import {type Pin, readPins, rootOf} from '../hooks/pins.ts'
import {directoriesIn, packageNames, pluginPlaces, type RosterPlugin, readRoster, standIns} from '../hooks/roster.ts'
import {checkRootsOwn, findUntrusted} from '../hooks/trust.ts'
import {Refusal} from '../model/base/errors.ts'
import {stateDirectory} from '../model/base/places.ts'
import type {Suggestion} from '../model/base/suggestion.ts'
import {asFailure} from '../model/base/system-error.ts'
import {toLatin1} from '../model/base/text.ts'
import {typed} from '../model/base/typed.ts'
import type {PluginChange, PluginsRequest} from '../model/change/plugin-change.ts'
import type {Program} from '../model/change/runner.ts'

export interface PluginCommand {
  /** The words behind `postmulti`. */
  words: readonly string[]
  warn(text: string): void
}

/** With the lock in hand. */
export interface Hands {
  lock: Lock
  /** A record of plugins, by way of the journal: for the history, and a kill on the way is taken back by the next change. */
  write(path: string, value: unknown, request: PluginsRequest): Promise<void>
}

/** Throws a Refusal for anybody but root, a ToolFailure when something cannot be written. */
export async function whileLocked<T>({words, warn}: PluginCommand, act: (hands: Hands) => T | Promise<T>): Promise<T> {
  checkMayChangePlugins()
  checkRootsOwn(stateDirectory)
  const lock = await takeLock(stateDirectory, typed(['postmulti', ...words]), (holder) => warn(`waiting for ${holder}`))
  const tools = {runProgram: (program: Program) => runProgram(program, lock.descriptor, warn)}
  try {
    const recovered = await recover(stateDirectory, tools)
    if (recovered !== undefined) warn(recovered)
    return await act({lock, write})
  } catch (error) {
    throw asFailure(error)
  } finally {
    lock.release()
  }

  async function write(path: string, value: unknown, request: PluginsRequest): Promise<void> {
    makeOwn(dirname(path))
    const bytes = toLatin1(`${JSON.stringify(value, null, 2)}\n`)
    const begin = {request, config_directory: '', ...describeCaller()}
    await apply(stateDirectory, begin, [{do: 'write file', path, bytes, mode: 0o644}], {...tools, ...noPostfix})
  }
}

/** What a step needs that is about an instance. */
const noPostfix = {
  run: () => Promise.resolve(''),
  print: () => {},
  warn: () => {},
  meta_directory: '',
  mail_owner: '',
  setgid_group: '',
}

/** For others, plugins that were installed may not be there to be seen. */
export function checkMayChangePlugins(): void {
  if (!isRoot()) throw new Refusal('Only root can change plugins', {forRoot: true})
}

/** Throws a Refusal while it is not known which plugins there are: what was installed would get lost. */
export function checkRecords(roster: readonly RosterPlugin[] = readRoster()): void {
  const broken = roster.find(({name}) => name === standIns.pins)
  if (broken?.fault !== undefined) throw new Refusal(broken.fault, {suggestions: broken.remedy})
}

/** Places that others could change, plugins apart: what is in them will be trusted, or decides about plugins. */
export function findUnsafePlaces(
  plugins: readonly RosterPlugin[],
): {name: string; fault: string; remedy: readonly Suggestion[]}[] {
  const {installed, settings} = pluginPlaces()
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

/** What the history says of a version. */
export function toState(pin: Pin | undefined): PluginChange['before'] {
  return pin === undefined ? null : {version: pin.version, source: pin.source}
}

/**
 * What killed runs have left, versions that no pin names, and what older programs had beside the plugins. What has no pin
 * at all stays: it is missed.
 */
export function clearAway(): void {
  const {directory, staging, versions, pins} = installedPlaces()
  removeTree(staging)
  const known = Object.entries(readPins(pins))
  for (const [name, {before, ...pin}] of known) {
    const kept = [pin, before ?? pin].map((each) => rootOf(directory, name, each))
    const roots = [
      `${directory}/node_modules/${name}`,
      ...directoriesIn(`${versions}/${name}`).map((each) => `${versions}/${name}/${each}`),
    ]
    for (const each of roots) if (!kept.includes(each)) removeTree(each)
  }
  const old = packageNames(`${directory}/node_modules`).length === 0 ? ['node_modules'] : []
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
  const {installed: directory} = pluginPlaces()
  return {
    directory,
    staging: `${directory}/.aside`,
    versions: `${directory}/versions`,
    pins: `${directory}/pins.json`,
  }
}
