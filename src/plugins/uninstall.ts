/** Takes plugins away, also those that are broken: nothing of them is looked at, and npm is not needed. */
import {removeTree} from '../files/act.ts'
import {isThere} from '../files/read.ts'
import {readTrustedJson} from '../hooks/faulty.ts'
import {readPins} from '../hooks/pins.ts'
import {readRoster} from '../hooks/roster.ts'
import {Refusal} from '../model/errors.ts'
import {nearest} from '../model/nearest.ts'
import {suggest} from '../model/suggestion.ts'
import {type Change, checkRecords, clearTarballs, installedPlaces, whileLocked, writeJson} from './place.ts'

/** Throws a Refusal when one of them is not installed; then all stay. */
export function uninstallPlugins(names: readonly string[], change: Change): Promise<void> {
  return whileLocked(change, () => {
    checkRecords()
    for (const each of names) checkInstalled(each, names)
    const {directory, pins, records} = installedPlaces()
    for (const name of names) {
      removeTree(`${directory}/node_modules/${name}`)
      if (isThere(records)) writeJson(records, withoutPlugin(readTrustedJson(records), name))
      // Last: as long as its pin is there it is missed, and asked for.
      const {[name]: _, ...others} = readPins(pins)
      writeJson(pins, others)
    }
    clearTarballs()
  })
}

function checkInstalled(name: string, names: readonly string[]): void {
  const known = readRoster()
  const found = known.find((each) => each.name === name && each.root.endsWith(`/node_modules/${name}`))
  if (found !== undefined) return
  if (known.some((each) => each.name === name && each.bundled)) {
    throw new Refusal(`${name} comes with postmulti; it can be switched off`, {
      suggestions: [['postmulti', 'plugins', 'config', name, 'mode=off']],
    })
  }
  const installed = known.filter(({bundled}) => !bundled).map((each) => each.name)
  const meant = nearest(name, installed).map((better) => {
    return suggest`postmulti plugins uninstall ${[...new Set(names.map((each) => (each === name ? better : each)))]}`
  })
  throw new Refusal(`No plugin ${name} is installed`, {
    suggestions: [...meant, suggest`postmulti plugins`],
    mistake: true,
  })
}

/** As npm and @oclif/plugin-plugins have it in package.json. */
function withoutPlugin(records: Record<string, unknown>, name: string): Record<string, unknown> {
  const {dependencies, oclif} = records as {
    dependencies?: Record<string, string>
    oclif?: {plugins?: (string | {name: string})[]}
  }
  const {[name]: _, ...others} = dependencies ?? {}
  const plugins = (oclif?.plugins ?? []).filter((each) => (typeof each === 'string' ? each : each.name) !== name)
  return {...records, dependencies: others, oclif: {...oclif, plugins}}
}
