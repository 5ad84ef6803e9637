/**
 * What a text that somebody has written comes to, in the words of the commands: site plugins are asked about each as if
 * it had been typed.
 */

import type {Effect} from '../model/change/plan.ts'
import {type Instance, type InstanceList, type Listed, readable} from '../model/instance/instance.ts'

/** Those that change the list of instances, their switches, names, groups and places. */
export function findEffects(before: InstanceList, after: InstanceList): Effect[] {
  const was = new Map(readable(before).map((each) => [each.config_directory, each]))
  const isThere = (list: InstanceList, {config_directory}: Listed): boolean =>
    list.secondaries.some((each) => each.config_directory === config_directory)
  const changed = (action: Effect['action'], isSo: (earlier: Instance, each: Instance) => boolean): Effect => ({
    action,
    subjects: readable(after)
      .filter((each) => {
        const earlier = was.get(each.config_directory)
        return earlier !== undefined && isSo(earlier, each)
      })
      .map(({config_directory}) => config_directory),
  })
  const moved = findMoved(before, after)
  return [
    {action: 'import', subjects: configDirectories(after.secondaries.filter((each) => !isThere(before, each)))},
    {action: 'deport', subjects: configDirectories(before.secondaries.filter((each) => !isThere(after, each)))},
    changed('enable', (earlier, each) => !earlier.multi_instance_enable && each.multi_instance_enable),
    changed('disable', (earlier, each) => earlier.multi_instance_enable && !each.multi_instance_enable),
    changed(
      'assign',
      (earlier, each) =>
        earlier.multi_instance_name !== each.multi_instance_name ||
        earlier.multi_instance_group !== each.multi_instance_group ||
        moved.has(each.config_directory),
    ),
  ].filter(({subjects}): boolean => subjects.length > 0) as Effect[]
}

/** Those of both lists that stand at another place among each other. */
function findMoved(before: InstanceList, after: InstanceList): Set<string> {
  const now = new Set(configDirectories(after.secondaries))
  const earlier = configDirectories(before.secondaries).filter((each) => now.has(each))
  const known = new Set(earlier)
  const later = configDirectories(after.secondaries).filter((each) => known.has(each))
  return new Set(later.filter((each, at) => each !== earlier[at]))
}

function configDirectories(listed: readonly Listed[]): string[] {
  return listed.map(({config_directory}) => config_directory)
}
