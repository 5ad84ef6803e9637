/** One instance in full. */

import {fromBytes} from '../../model/base/text.ts'
import type {Instance, InstanceList} from '../../model/instance/instance.ts'
import {compareSettings} from '../../model/main-cf/comparison.ts'
import {findTables, type NamedTable} from '../../model/master-cf/lookup-tables.ts'
import {type Contrast, type Details, ownByNature} from '../../model/survey/details.ts'
import {readListeners} from '../parameters/listeners.ts'
import {parseMasterCf} from '../reader/master-cf.ts'
import {readOwnSettings, readServices} from '../reader/own-settings.ts'
import type {Primary} from '../reader/primary.ts'
import {type ReadText, readConfiguration} from '../reader/read-file.ts'
import {readMessageCounts, readOldest, readStates} from '../state/state.ts'
import {readStarts} from '../systemd/units.ts'

export function readDetails(instance: Instance, primary: Primary, list: InstanceList): Details {
  const {config_directory} = instance
  const isPrimary = config_directory === primary.instance.config_directory
  const own = readOwnSettings(config_directory)
  return {
    instance,
    primary: isPrimary,
    atBoot: readStarts(list).get(config_directory) ?? null,
    state: readStates([instance]).get(config_directory) ?? null,
    listeners: readListeners(instance, primary),
    queued: readMessageCounts(instance) ?? null,
    oldest: readOldest(instance) ?? null,
    settings: isPrimary ? [] : compareSettings(own, readOwnSettings(primary.instance.config_directory), ownByNature),
    tables: readTables(config_directory, primary),
  }
}

export function readContrast(instance: Instance, other: Instance): Contrast {
  const [one, two] = [instance.config_directory, other.config_directory]
  return {
    instance,
    other,
    settings: compareSettings(readOwnSettings(one), readOwnSettings(two), ownByNature),
    services: compareSettings(servicesOf(one), servicesOf(two), []),
  }
}

function servicesOf(config_directory: string): Map<string, string> {
  return new Map(
    readServices(config_directory).map((each) => {
      const [name = '', type = '', ...rest] = fromBytes(each).split(' ')
      return [`${name}/${type}`, rest.join(' ')]
    }),
  )
}

/** Which lookup tables an instance refers to. */
export function readTables(
  config_directory: string,
  {defaults}: Primary,
  read: ReadText = readConfiguration,
): NamedTable[] {
  const own = readOwnSettings(config_directory, read)
  const masterCf = parseMasterCf(read(`${config_directory}/master.cf`), defaults)
  const ofServices = (masterCf?.services ?? []).flatMap(({name, type, settings}) =>
    [...settings].map(([parameter, value]) => ({service: `${name}/${type}`, name: parameter, value: fromBytes(value)})),
  )
  const ofMainCf = [...own].map(([name, value]) => ({service: null, name, value}))
  return findTables([...ofMainCf, ...ofServices], (name) => {
    return name === 'config_directory' ? config_directory : (own.get(name) ?? defaults.parameters[name])
  })
}
