/**
 * systemd starts all units at once, and stops them so. A drop-in beside the unit of each later member of a group makes
 * it wait for the earlier ones: mail flows from the later to the earlier. Other instances wait for nobody.
 */
import {type Answer, makeDirectory, note, removeFile, writeFile} from '@postmulti/plugin-api'
import {type Change, type InUnit, type IsThere, withUnits} from './units.ts'

/** The first line of a file that is ours to change. */
export const marker = '# Written by postmulti: changed and removed with the instance list.'

/** For the groups that the change touches. */
export async function planOrder({subjects, before, after, text}: Change, isThere: IsThere): Promise<Answer> {
  const [old, now] = [withUnits(before), withUnits(after)]
  const subject = [...old, ...now].filter((each) => subjects.includes(each.config_directory))
  const groups = new Set(subject.map((each) => each.multi_instance_group))
  const touched = [...old, ...now].filter((each) => groups.has(each.multi_instance_group))
  const units = new Set(touched.flatMap(({unit}) => unit ?? []))
  return (await Promise.all([...units].map(planDropIn))).flat()

  async function planDropIn(unit: string): Promise<Answer> {
    const directory = `/etc/systemd/system/${unit}.d`
    const path = `${directory}/50-postmulti-order.conf`
    const wanted = textFor(unit, now)
    // Afterwards: to take a change back brings its files back.
    const found = await text('after', path)
    if (found === wanted) return []
    if (found !== null && !found.startsWith(marker)) return [note(`${path} is not ours, so it stays as it is`)]
    if (wanted === null) return [removeFile(path)]
    return [...(isThere(directory) ? [] : [makeDirectory(directory)]), writeFile(path, wanted)]
  }
}

/** Null where there is nobody to wait for. All are named: a unit that is not starting holds nobody up. */
function textFor(unit: string, list: readonly InUnit[]): string | null {
  const at = list.findIndex((each) => each.unit === unit)
  const group = list[at]?.multi_instance_group
  if (!group) return null
  const earlier = list.slice(0, at).filter((each) => each.multi_instance_group === group)
  const lines = earlier.flatMap((each) => (each.unit === undefined ? [] : `After=${each.unit}\n`))
  return lines.length === 0 ? null : `${marker}\n[Unit]\n${lines.join('')}`
}
