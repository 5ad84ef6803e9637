/** What rules about units of systemd have in common. */
import type {Listed} from '../model/instance/instance.ts'
import type {CheckedInstance, CheckInput} from '../model/survey/check-input.ts'
import {startsAtBoot, type Unit, type Units, unitsOf} from '../model/units/units.ts'

export interface Unified {
  subject: CheckedInstance
  unit: Unit
  atBoot: boolean
}

export interface UnitInput {
  units: Units
  /** Primary first. */
  list: Listed[]
  all: Unified[]
}

/** Undefined where units do not matter, or it is not known what they are. */
export function unitInput({instances, damaged, host}: CheckInput): UnitInput | undefined {
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
