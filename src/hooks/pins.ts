/** What each installed plugin was when it was installed: npm's own records do not say. */
import {type Event, isEvent} from './events.ts'
import {Faulty, isRecord, readTrustedJson} from './faulty.ts'

export interface Pin {
  version: string
  /** Of its directory, as integrityOf() has it. */
  integrity: string
  hooks: Event[]
  /** What `plugins install` was given. */
  source: string
}

/** As npm allows it, so that it cannot lead out of node_modules. */
export const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/

/** By name; empty when there is no file. Throws a Faulty. */
export function readPins(path: string): Record<string, Pin> {
  const pins = readTrustedJson(path)
  for (const [name, pin] of Object.entries(pins)) {
    if (!packageName.test(name) || !isPin(pin)) throw new Faulty(`${path}: what it says of ${name} makes no sense`)
  }
  return pins as Record<string, Pin>
}

/** Names of the packages in npm's package.json, also of those that were not installed to the end. Throws a Faulty. */
export function readListed(path: string): string[] {
  const {oclif, dependencies = {}} = readTrustedJson(path)
  const plugins = (isRecord(oclif) ? oclif.plugins : undefined) ?? []
  if (!Array.isArray(plugins) || !isRecord(dependencies)) throw new Faulty(`${path}: its plugins make no sense`)
  return [...plugins.map((each) => (isRecord(each) ? each.name : each)), ...Object.keys(dependencies)].map((name) => {
    if (typeof name !== 'string' || !packageName.test(name)) throw new Faulty(`${path}: a plugin has no name`)
    return name
  })
}

function isPin(value: unknown): value is Pin {
  if (!isRecord(value)) return false
  const {version, integrity, hooks, source} = value
  const areTexts = [version, integrity, source].every((each) => typeof each === 'string')
  return areTexts && Array.isArray(hooks) && hooks.every((each) => typeof each === 'string' && isEvent(each))
}
