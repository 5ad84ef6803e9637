/** Steps that bring files in /etc/systemd/system to what they ought to be. What is not ours stays, and is named. */

import {toLatin1} from '../base/text.ts'
import type {Step} from '../change/plan.ts'
import {isLinked, type Units, wantsDirectory} from './units.ts'

/** What brings these paths to what they ought to be. */
export function planFiles(
  paths: readonly string[],
  files: ReadonlyMap<string, string | null>,
  units: Units,
): {steps: Step[]; warnings: string[]} {
  const planned = paths.map((path) => {
    return path.startsWith(`${wantsDirectory}/`)
      ? planLink(path, files.has(path), units)
      : planDropIn(path, files, units)
  })
  const made = new Set<string>()
  const steps = planned.flatMap((each) => (Array.isArray(each) ? each : []))
  return {
    // Two files may want one directory.
    steps: steps.filter((each) => each.do !== 'make directory' || (!made.has(each.path) && made.add(each.path))),
    warnings: planned.flatMap((each) => (Array.isArray(each) ? [] : each)),
  }
}

/** Steps, or why there are none. */
function planLink(path: string, isWanted: boolean, units: Units): Step[] | string {
  const name = path.slice(wantsDirectory.length + 1)
  const isFound = units.wants.has(name)
  const target = units.wants.get(name)
  if (isFound && !isLinked(name, units)) {
    return `${path} ${target === undefined ? 'is not a link' : `leads to ${target}`}, so it stays as it is`
  }
  if (isWanted && units.masked.includes(name))
    return `${name} is masked, so it is not enabled: systemctl unmask ${name}`
  if (isFound === isWanted) return []
  if (!isWanted) return [{do: 'remove', path, holds: []}]
  return [...makeMissing(wantsDirectory, units), {do: 'link', path, target: units.file}]
}

function planDropIn(path: string, files: ReadonlyMap<string, string | null>, units: Units): Step[] | string {
  const wanted = files.get(path)
  const found = units.dropIns.get(path)
  const parent = path.replace(/\/[^/]*$/, '')
  if (wanted == null) {
    if (!found?.isOurs) return []
    const isWhole = found.alone && ![...files.keys()].some((each) => each.startsWith(`${parent}/`))
    return isWhole
      ? [{do: 'remove', path: parent, holds: [path.slice(parent.length + 1)]}]
      : [{do: 'remove', path, holds: []}]
  }
  if (found !== undefined && !found.isOurs) return `${path} is not ours, so it stays as it is`
  const bytes = toLatin1(wanted)
  if (found?.text === bytes) return []
  return [...makeMissing(parent, units), {do: 'write file', path, bytes, mode: 0o644}]
}

function makeMissing(path: string, units: Units): Step[] {
  return units.directories.has(path) ? [] : [{do: 'make directory', path, mode: 0o755}]
}
