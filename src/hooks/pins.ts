/** What each installed plugin was when it was installed: npm's own records do not say. */
import {isRecord} from '../model/base/json.ts'
import {type Event, isEvent} from './events.ts'
import {Faulty, readTrustedJson} from './faulty.ts'

export interface Pin extends Pinned {
  /** The version that it has replaced, which is kept. */
  before?: Pinned
}

export interface Pinned {
  version: string
  /** Of its directory, as integrityOf() has it. */
  integrity: string
  hooks: Event[]
  /** What `plugins install` was given. */
  source: string
  /** Its commands are loaded, with all rights of root. */
  commands?: boolean
  /** Its directory below versions/NAME; absent where an older program has put it into node_modules. */
  number?: number
}

/** As npm allows it, so that it cannot lead out of the directory of plugins. */
export const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/

/** By name; empty when there is no file. Throws a Faulty. */
export function readPins(path: string): Record<string, Pin> {
  const pins = readTrustedJson(path)
  for (const [name, pin] of Object.entries(pins)) {
    if (!packageName.test(name) || !isPin(pin)) throw new Faulty(`${path}: invalid entry for ${name}`)
  }
  return pins as Record<string, Pin>
}

/** Where it is, with all that it needs. */
export function rootOf(directory: string, name: string, {number}: Pick<Pinned, 'number'>): string {
  return number === undefined ? `${directory}/node_modules/${name}` : `${directory}/versions/${name}/${number}`
}

function isPin(value: unknown): value is Pin {
  return isPinned(value) && (!('before' in value) || isPinned(value.before))
}

function isPinned(value: unknown): value is Pinned {
  if (!isRecord(value)) return false
  const {version, integrity, hooks, source, commands = false, number = 1} = value
  const areTexts = [version, integrity, source].every((each) => typeof each === 'string')
  const areEvents = Array.isArray(hooks) && hooks.every((each) => typeof each === 'string' && isEvent(each))
  return areTexts && areEvents && typeof commands === 'boolean' && Number.isSafeInteger(number)
}
