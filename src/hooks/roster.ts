/**
 * Which plugins there are, what they subscribe to, and whether they can be used. What is wrong with one is a value, so
 * that the caller can refuse in its place. No plugin's code is loaded here.
 */
import {isRoot} from '../files/caller.ts'
import {readEntries} from '../files/read.ts'
import {own} from '../model/base/own.ts'
import {policyDirectory, stateDirectory} from '../model/base/places.ts'
import {operands, type Suggestion, suggest} from '../model/base/suggestion.ts'
import {errorCode} from '../model/base/system-error.ts'
import {type Event, events} from './events.ts'
import {Faulty, orFault, readJson, readTrustedJson} from './faulty.ts'
import {integrityOf} from './integrity.ts'
import {type Manifest, readManifest, type Subscription} from './manifest.ts'
import {type Pin, readPins, rootOf} from './pins.ts'
import {findClosed} from './sandbox.ts'
import {checkSettings, type Mode, type PluginSettings} from './settings.ts'
import {findUntrusted} from './trust.ts'

export interface RosterPlugin {
  name: string
  /** Empty when unknown. */
  version: string
  /** Its directory. */
  root: string
  /** It came with postmulti. */
  bundled: boolean
  /** off: never asked. advise: asked for sub-commands alone, its refusals are notes. locked: skipped only with a reason. */
  mode: Mode
  /** Smaller ones first. */
  priority: number
  /** Seconds. */
  timeout: number
  settings: Record<string, unknown>
  /** Those that a faulty one was installed with, without a file; every event when that is not known. */
  hooks: Subscription[]
  /** The file with its rules for `postmulti check`. */
  rules: string | undefined
  /** Undefined where it brings none. */
  commands: 'allowed' | 'not allowed' | undefined
  /** Why it cannot be used. */
  fault: string | undefined
  /** Commands that mend it, likeliest first. */
  remedy: readonly Suggestion[]
  /** What it was when it was installed; undefined for a bundled one. */
  pin: Pin | undefined
}

export interface Places {
  /** Has a directory for each plugin that came with postmulti. */
  bundled: string
  /** Has pins.json, and versions/NAME/NUMBER of each plugin; in node_modules is what older programs have installed. */
  installed: string
  /** plugins.json, of the site. */
  settings: string
}

/** Names that stand for all plugins where a broken file leaves open which ones must be asked. */
export const standIns = {settings: 'plugins.json', pins: 'pins.json'} as const

const usualSettings = {mode: 'on', priority: 100, timeout: 10, settings: {}} as const

/** What the site has set for the plugin of this name. */
type OfSite = (name: string) => PluginSettings | Faulty

/** Beside the bundle that this becomes a part of. */
export function pluginPlaces(): Places {
  return {
    bundled: `${__dirname}/../plugins`,
    installed: `${stateDirectory}/plugins`,
    settings: `${policyDirectory}/plugins.json`,
  }
}

/** By priority, then by name. With `wanted`, only those that subscribe to one of these events. */
export function readRoster(wanted?: readonly Event[], places = pluginPlaces()): RosterPlugin[] {
  const settings = orFault(() => readTrustedJson(places.settings))
  const unset = settings instanceof Faulty ? [standIn(standIns.settings, places.settings, settings, ['vi'])] : []
  const ofSite = toOfSite(settings, places)
  const bundled = readBundled(places.bundled, ofSite)
  return [...unset, ...bundled, ...readInstalled(places.installed, ofSite, bundled, wanted)]
    .filter((each) => concerns(each, wanted))
    .sort((one, other) => one.priority - other.priority || (one.name < other.name ? -1 : 1))
}

/** As the roster would have it with this pin, and at this place. */
export function readCandidate(name: string, root: string, pin: Pin, places = pluginPlaces()): RosterPlugin {
  const ofSite = toOfSite(
    orFault(() => readTrustedJson(places.settings)),
    places,
  )
  return checkTrust(readPinned(name, root, pin, ofSite))
}

/** Reads all files of an installed plugin, for a fault that readRoster() cannot see. For plugins that will be asked. */
export function checkPlugin(plugin: RosterPlugin): RosterPlugin {
  const {name, root, pin, fault} = plugin
  if (fault !== undefined || pin === undefined) return plugin
  const closed = findClosed(root)
  if (closed !== undefined) {
    const why = `it is asked under an account without rights, and only root can look into ${closed}`
    return withFault(plugin, new Faulty(why, [['chmod', 'go+x', closed]]), [])
  }
  const found = orFault(() => integrityOf(root))
  if (found === pin.integrity) return plugin
  const changed = found instanceof Faulty ? found : new Faulty(`${root} has changed since it was installed`)
  return withFault(plugin, changed, reinstall(name, pin))
}

/** One that cannot be used because of what was found out later. */
export function withLaterFault(plugin: RosterPlugin, why: string): RosterPlugin {
  return withFault(plugin, new Faulty(why), reinstall(plugin.name, plugin.pin))
}

function toOfSite(settings: Record<string, unknown> | Faulty, places: Places): OfSite {
  return (name) =>
    settings instanceof Faulty ? {} : orFault(() => checkSettings(`${places.settings}: ${name}`, own(settings, name)))
}

function readBundled(directory: string, ofSite: OfSite): RosterPlugin[] {
  return directoriesIn(directory).flatMap((name) => {
    const root = `${directory}/${name}`
    const manifest = orFault(() => {
      // Other packages are there, too.
      return readJson(`${root}/package.json`)?.oclif === undefined ? undefined : readManifest(root)
    })
    if (manifest === undefined) return []
    return compose({name, root, bundled: true, pin: undefined}, manifest, ofSite(name))
  })
}

function readInstalled(
  directory: string,
  ofSite: OfSite,
  bundled: readonly RosterPlugin[],
  wanted: readonly Event[] | undefined,
): RosterPlugin[] {
  if (isHidden(directory)) return []
  const pins = orFault(() => readPins(`${directory}/pins.json`))
  if (pins instanceof Faulty) return [standIn(standIns.pins, `${directory}/pins.json`, pins, ['rm'])]
  const names = new Set([
    ...Object.keys(pins),
    ...packageNames(`${directory}/versions`),
    ...packageNames(`${directory}/node_modules`),
  ])
  return [...names].map((name) => {
    const pin = own(pins, name)
    const root = rootOf(directory, name, pin ?? {})
    const refuse = (why: string): RosterPlugin =>
      compose({name, root, bundled: false, pin}, new Faulty(why), ofSite(name))
    if (pin === undefined) {
      return refuse(`${directory}/pins.json has no ${name}: its installation or removal was interrupted`)
    }
    if (bundled.some((each) => each.name === name)) return refuse('a plugin of this name comes with postmulti')
    const plugin = readPinned(name, root, pin, ofSite)
    return concerns(plugin, wanted) ? checkTrust(plugin) : plugin
  })
}

function readPinned(name: string, root: string, pin: Pin, ofSite: OfSite): RosterPlugin {
  const manifest = orFault(() => checkPinned(readManifest(root), name, pin))
  return compose({name, root, bundled: false, pin}, manifest, ofSite(name))
}

/** Whose files they are. */
function checkTrust(plugin: RosterPlugin): RosterPlugin {
  const {name, root, pin} = plugin
  const untrusted = plugin.fault === undefined ? findUntrusted(root, root) : undefined
  if (untrusted === undefined) return plugin
  return withFault(plugin, new Faulty(untrusted.why, untrusted.remedy), reinstall(name, pin))
}

/** Throws a Faulty when it is not what was installed. */
function checkPinned(manifest: Manifest, name: string, pin: Pin): Manifest {
  const {version} = manifest
  if (manifest.name !== name) throw new Faulty(`its package.json is that of ${manifest.name}`)
  if (version !== pin.version) throw new Faulty(`it is version ${version}, and version ${pin.version} was installed`)
  const subscribed = [...new Set(manifest.hooks.map(({event}) => event))]
  if (subscribed.length !== pin.hooks.length || !subscribed.every((each) => pin.hooks.includes(each))) {
    throw new Faulty(
      `it subscribes to ${subscribed.join(', ') || 'nothing'}, and was installed with ${pin.hooks.join(', ')}`,
    )
  }
  return manifest
}

/** `mend` is a command that takes the file. */
function standIn(name: string, root: string, {message, remedy}: Faulty, mend: string[]): RosterPlugin {
  const hooks = inNameOnly(events)
  const commands = remedy.length > 0 ? remedy : [[...mend, root]]
  return {
    ...usualSettings,
    ...{name, version: '', root, bundled: false, priority: 0, hooks, rules: undefined, commands: undefined},
    ...{fault: message, remedy: commands, pin: undefined},
  }
}

function compose(
  what: Pick<RosterPlugin, 'name' | 'root' | 'bundled' | 'pin'>,
  manifest: Manifest | Faulty,
  set: PluginSettings | Faulty,
): RosterPlugin {
  const {name, bundled, pin} = what
  const ofSite = set instanceof Faulty ? {} : set
  const version = manifest instanceof Faulty ? (pin?.version ?? '') : manifest.version
  const proposed: Partial<Manifest> = manifest instanceof Faulty ? {} : manifest
  const hooks = manifest instanceof Faulty ? [] : manifest.hooks
  const plugin: RosterPlugin = {
    ...what,
    version,
    // Who installs a plugin of somebody else wants it.
    mode: ofSite.mode ?? (bundled ? proposed.mode : undefined) ?? usualSettings.mode,
    priority: ofSite.priority ?? proposed.priority ?? usualSettings.priority,
    timeout: ofSite.timeout ?? proposed.timeout ?? usualSettings.timeout,
    settings: ofSite.settings ?? usualSettings.settings,
    hooks,
    rules: proposed.rules,
    commands: proposed.bringsCommands ? (pin?.commands ? 'allowed' : 'not allowed') : undefined,
    fault: undefined,
    remedy: [],
  }
  if (manifest instanceof Faulty) return withFault(plugin, manifest, bundled ? [] : reinstall(name, pin))
  return set instanceof Faulty ? withFault(plugin, set, [['postmulti', 'plugins', 'config', name]]) : plugin
}

/** `others` come behind the commands that the fault brings itself. */
function withFault(plugin: RosterPlugin, {message, remedy}: Faulty, others: readonly Suggestion[]): RosterPlugin {
  const known = plugin.hooks.length > 0 ? plugin.hooks.map(({event}) => event) : events
  const hooks = inNameOnly(plugin.pin?.hooks ?? known)
  return {...plugin, hooks, fault: message, remedy: [...remedy, ...others]}
}

function inNameOnly(subscribed: readonly Event[]): Subscription[] {
  return subscribed.map((event) => ({event, file: '', export: ''}))
}

function reinstall(name: string, pin: Pin | undefined): readonly Suggestion[] {
  const again = pin === undefined ? [] : [suggest`postmulti plugins install ${operands(pin.source)}`]
  const back = pin?.before === undefined ? [] : [suggest`postmulti plugins rollback ${operands(name)}`]
  return [...again, ...back, suggest`postmulti plugins uninstall ${operands(name)}`]
}

function concerns({hooks}: RosterPlugin, wanted: readonly Event[] | undefined): boolean {
  return wanted === undefined || hooks.some(({event}) => wanted.includes(event))
}

/** Of packages, as npm and we lay them down. */
export function packageNames(directory: string): string[] {
  return directoriesIn(directory).flatMap((name) => {
    if (name.startsWith('.')) return []
    return name.startsWith('@') ? packageNames(`${directory}/${name}`).map((each) => `${name}/${each}`) : [name]
  })
}

/** Of the directories in it. */
export function directoriesIn(directory: string): string[] {
  try {
    return readEntries(directory)
      .filter((each) => each.isDirectory())
      .map(({name}) => name)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

/** Users other than root may not see root's plugins. */
function isHidden(directory: string): boolean {
  if (isRoot()) return false
  try {
    readEntries(directory)
    return false
  } catch (error) {
    return errorCode(error) === 'EACCES'
  }
}
