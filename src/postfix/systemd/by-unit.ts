/**
 * Starting and stopping by units, so that master(8) lives in the control group of its own, and not in that of a login or a
 * timer.
 * Source: systemctl(1); postfix@.service of Debian 13, whose PartOf= and ReloadPropagatedFrom= let what is done to
 * postfix.service reach all instances.
 */
import {lookAt, quietly} from '../../files/read.ts'
import {systemPath} from '../../model/base/places.ts'
import {allListed, type InstanceList, isDamaged} from '../../model/instance/instance.ts'
import {startsAtBoot, unitsOf} from '../../model/units/units.ts'
import {type ProgramOutput, runBuffered} from '../programs/run-buffered.ts'
import {readUnits, unitOfProcess} from './units.ts'

export interface ActingUnit {
  name: string
  /** Starts go by it; stop and reload, too, when the instance runs in it. */
  acts: boolean
  /** A stop or a reload of it would reach other instances. */
  reachesAll: boolean
}

/** By config_directory; none for those that have no unit of their own. */
export function actingUnits(instances: InstanceList): Map<string, ActingUnit> {
  const list = allListed(instances)
  const units = readUnits(list)
  if (!units.runs || units.layout === undefined || units.layout === 'one unit') return new Map()
  const found = unitsOf(list, units)
  return new Map(
    list.flatMap((each): [string, ActingUnit][] => {
      const unit = found.get(each.config_directory)
      if (unit?.name === undefined || isDamaged(each)) return []
      const {name} = unit
      const isPrimary = each === instances.primary
      // By name, the unit reads multi_instance_enable, and the generator may not have run since.
      const isKnown =
        units.layout === 'by name'
          ? each.multi_instance_enable && units.generated.includes(name)
          : startsAtBoot(unit, units)
      const acts = units.masked.includes(name) ? false : isKnown || (isPrimary && units.layout === 'by directory')
      return [[each.config_directory, {name, acts, reachesAll: isPrimary && units.layout === 'by directory'}]]
    }),
  )
}

/** Whether a start, a stop or a reload goes by the unit. `pid` is that of a running master(8). */
export function goesByUnit(word: string, unit: ActingUnit, pid: number | undefined): boolean {
  if (word === 'start') return unit.acts
  const isMeant = word === 'stop' || word === 'reload'
  return isMeant && unit.acts && !unit.reachesAll && pid !== undefined && unitOfProcess(pid) === unit.name
}

export async function actByUnit(word: string, {name}: ActingUnit, merged: boolean): Promise<ProgramOutput> {
  // Five starts within ten seconds are all that systemd allows, failed or not.
  if (word === 'start') await callSystemctl(['reset-failed', name], merged)
  return callSystemctl([word, name], merged)
}

/** systemd takes an instance that was stopped directly for a failed one: its own stop finds nothing. */
export async function forgetFailure({name}: ActingUnit): Promise<void> {
  await callSystemctl(['reset-failed', name], true)
}

/** From its start until it is inactive or failed. Its control group would say the same, but not always in one place. */
export function isActive({name}: ActingUnit): boolean {
  // A link that leads nowhere.
  return quietly(() => lookAt(`/run/systemd/units/invocation:${name}`)) !== undefined
}

function callSystemctl(words: string[], merged: boolean): Promise<ProgramOutput> {
  return runBuffered({words: ['systemctl', ...words], environment: {PATH: systemPath, LANG: 'C'}}, {merged})
}
