/** What rules about units of systemd have in common. */
import type {Listed} from '../model/instance/instance.ts'
import type {Scene, Subject} from '../model/survey/scene.ts'
import {startsAtBoot, type Unit, type Units, unitsOf} from '../model/units/units.ts'

export interface Unified {
  subject: Subject
  unit: Unit
  atBoot: boolean
}

export interface UnitScene {
  units: Units
  /** Primary first. */
  list: Listed[]
  all: Unified[]
}

/** Undefined where units are of no concern, or nobody knows what they are. */
export function unitScene({instances, damaged, host}: Scene): UnitScene | undefined {
  const units = host.units()
  if (units?.layout === undefined) return undefined
  const list = [...instances, ...damaged]
  const found = unitsOf(list, units)
  const all = instances.flatMap((subject): Unified[] => {
    const unit = found.get(subject.config_directory)
    return unit === undefined ? [] : [{subject, unit, atBoot: startsAtBoot(unit, units)}]
  })
  return {units, list, all}
}
