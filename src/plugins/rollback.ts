/** Brings back the version before, which was kept; once more, and the one that it has replaced is there again. */
import {readPins, rootOf} from '../hooks/pins.ts'
import {type RosterPlugin, readCandidate} from '../hooks/roster.ts'
import {Refusal} from '../model/base/errors.ts'
import {own} from '../model/base/own.ts'
import {suggest} from '../model/base/suggestion.ts'
import {checkRecords, installedPlaces, type PluginCommand, toState, whileLocked} from './place.ts'
import {checkInstalled} from './uninstall.ts'

/** The plugin as it is then, and the version that it has replaced. */
export interface RolledBack {
  plugin: RosterPlugin
  replaced: string
}

/** Throws a Refusal when there is none, or it cannot be used. `examine` finds a fault where it does not answer. */
export function rollbackPlugin(
  name: string,
  examine: (plugin: RosterPlugin) => Promise<RosterPlugin>,
  change: PluginCommand,
): Promise<RolledBack> {
  return whileLocked(change, async ({write}) => {
    checkRecords()
    checkInstalled(name, [name], 'rollback')
    const {directory, pins} = installedPlaces()
    const known = readPins(pins)
    const pin = own(known, name)
    const before = pin?.before
    if (pin === undefined || before === undefined) {
      throw new Refusal(`No other version of ${name} is kept`, {
        suggestions: [suggest`postmulti plugins`],
      })
    }
    const plugin = await examine(readCandidate(name, rootOf(directory, name, before), before))
    if (plugin.fault !== undefined) {
      throw new Refusal(`${name} ${before.version} cannot be used, and was not brought back: ${plugin.fault}`)
    }
    const {before: _, ...now} = pin
    const back = {...before, before: now}
    const plugins = [{name, before: toState(pin), after: toState(back)}]
    await write(pins, {...known, [name]: back}, {action: 'plugins', how: 'rollback', plugins})
    return {plugin: {...plugin, pin: back}, replaced: now.version}
  })
}
