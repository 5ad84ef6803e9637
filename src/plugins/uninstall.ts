/** Takes plugins away, also those that are broken: nothing of them is looked at, and npm is not needed. */
import {removeTree} from '../files/act.ts'
import {readPins} from '../hooks/pins.ts'
import {readRoster, standIns} from '../hooks/roster.ts'
import {Refusal} from '../model/base/errors.ts'
import {own} from '../model/base/own.ts'
import {suggest} from '../model/base/suggestion.ts'
import {nearest} from '../model/instance/nearest.ts'
import {checkRecords, clearAway, installedPlaces, type PluginCommand, toState, whileLocked} from './place.ts'

/** Throws a Refusal when one of them is not installed; then all stay. */
export function uninstallPlugins(names: readonly string[], change: PluginCommand): Promise<void> {
  return whileLocked(change, async ({write}) => {
    checkRecords()
    for (const each of names) checkInstalled(each, names, 'uninstall')
    const {directory, versions, pins} = installedPlaces()
    const known = readPins(pins)
    const others = Object.entries(known).filter(([name]) => !names.includes(name))
    const plugins = [...new Set(names)].map((name) => ({name, before: toState(own(known, name)), after: null}))
    await write(pins, Object.fromEntries(others), {action: 'plugins', how: 'uninstall', plugins})
    for (const name of names) for (const each of [versions, `${directory}/node_modules`]) removeTree(`${each}/${name}`)
    clearAway()
  })
}

/** `word` is what is done with all these names. */
export function checkInstalled(name: string, names: readonly string[], word: 'uninstall' | 'rollback'): void {
  const known = readRoster()
  const installed = known
    .filter(({bundled, name: each}) => !bundled && each !== standIns.settings)
    .map((each) => each.name)
  if (installed.includes(name)) return
  if (known.some((each) => each.name === name && each.bundled)) {
    throw new Refusal(`${name} comes with postmulti; it can be switched off`, {
      suggestions: [['postmulti', 'plugins', 'config', name, 'mode=off']],
    })
  }
  const meant = nearest(name, installed).map((better) => {
    return suggest`postmulti plugins ${word} ${[...new Set(names.map((each) => (each === name ? better : each)))]}`
  })
  throw new Refusal(`No plugin ${name} is installed`, {
    suggestions: [...meant, suggest`postmulti plugins`],
    kind: 'not found',
  })
}
