/**
 * What a change of the instance list means for systemd: links that enable units, drop-ins that keep their order. Steps as
 * any other, behind those of the change. What somebody else has put there stays, and is named.
 */
import {Refusal} from '../model/base/errors.ts'
import type {Plan, Step} from '../model/change/plan.ts'
import {pathsOfStep} from '../model/change/step-paths.ts'
import {
  allListed,
  type Instance,
  type InstanceList,
  isDamaged,
  type Listed,
  label,
  readable,
} from '../model/instance/instance.ts'
import {planFiles} from '../model/units/unit-files.ts'
import {
  describeUnitless,
  dropInName,
  dropInOf,
  formerDropInName,
  linkOf,
  staleDropIns,
  type Unit,
  type Units,
  unitDirectory,
  unitFiles,
  unitsOf,
} from '../model/units/units.ts'
import {suggestStop} from './destroy-or-deport.ts'

type FoundUnits = ReadonlyMap<string, Unit>

const reload = ['systemctl', 'daemon-reload']

/** The instances that this plan gives another unit: they must not run. */
export function findWithOtherUnit({before, after}: Plan, units: Units): Instance[] {
  const old = unitsOf(allListed(before), units)
  const now = unitsOf(allListed(after), units)
  return readable(after).filter(({config_directory}) => {
    const name = old.get(config_directory)?.name
    return name !== undefined && name !== now.get(config_directory)?.name
  })
}

/**
 * The plan with what it means for systemd. Refuses another unit for an instance that runs: `running` are those of
 * findWithOtherUnit that do.
 */
export function withUnits(plan: Plan, units: Units, running: readonly Instance[]): Plan {
  const [before, after] = [plan.before, plan.after].map(allListed) as [Listed[], Listed[]]
  const old = unitsOf(before, units)
  const now = unitsOf(after, units)
  for (const each of running) throw mustStop(each, old.get(each.config_directory)?.name ?? '', before)
  const wasFiles = unitFiles(before, units)
  const files = unitFiles(after, units)
  const subject = [old, now].flatMap((each) => each.get(plan.config_directory)?.name ?? [])
  const paths = new Set([
    ...[...wasFiles.keys(), ...files.keys()].filter((each) => wasFiles.get(each) !== files.get(each)),
    ...subject.filter((each) => each !== 'postfix.service').map(dropInOf),
    ...(units.layout === 'by directory' ? subject.filter((each) => each !== 'postfix.service').map(linkOf) : []),
    // One that is called as before gives way to another.
    ...staleDropIns(after, units).flatMap((each) => [each, each.replace(formerDropInName, dropInName)]),
  ])
  const touched = new Set(plan.steps.flatMap(pathsOfStep))
  const {steps, warnings} = planFiles(
    [...paths].filter((each) => !touched.has(each)),
    files,
    units,
  )
  const gone = [...old.values()].flatMap(({name}) => name ?? []).filter((each) => !unitNames(now).includes(each))
  return withReload(
    {
      ...plan,
      steps: [...plan.steps, ...steps],
      warnings: [...plan.warnings, ...warnings, ...unitless(plan, old, now, units)],
    },
    units,
    gone,
  )
}

/** For systemd to read its units again, when there is something new, and to forget that those which are gone have failed. */
export function withReload(plan: Plan, units: Units, gone: readonly string[] = []): Plan {
  const {steps} = plan
  const isNew = steps.some((each) => pathsOfStep(each).some((path) => path.startsWith(`${unitDirectory}/`)))
  const isListNew = units.layout === 'by name' && listedNames(plan.before) !== listedNames(plan.after)
  const isReloaded = steps.some(
    (each) => each.do === 'restore' && each.trace.was === 'program' && isReload(each.trace.undo),
  )
  if (!units.runs || isReloaded || steps.length === 0 || !(isNew || isListNew || gone.length > 0)) return plan
  return {
    ...plan,
    steps: [
      ...steps,
      ...(isNew || isListNew ? [runSystemctl(reload, reload)] : []),
      // A pattern: of a name that systemd does not know it would be a failure.
      ...gone.map((each) => runSystemctl(['systemctl', 'reset-failed', each.replace(/.$/, '?')])),
    ],
  }
}

function runSystemctl(words: string[], undo: string[] = []): Step {
  return {do: 'run program', words, directory: '/', changes: [], undo, mayFail: true}
}

function isReload(words: readonly string[]): boolean {
  return words.join(' ') === reload.join(' ')
}

/** Of the instance that the change is about, when it is to start at boot from now on and will not. */
function unitless({config_directory, before, after}: Plan, old: FoundUnits, now: FoundUnits, units: Units): string[] {
  const [was, is] = [before, after].map((list) =>
    allListed(list).find((each) => each.config_directory === config_directory),
  )
  const whyNot = (found: FoundUnits): string | undefined => {
    const unit = found.get(config_directory)
    return unit === undefined ? units.told : unit.name === undefined ? unit.why : undefined
  }
  const why = whyNot(now)
  const isOld = was !== undefined && !isDamaged(was) && was.multi_instance_enable && whyNot(old) !== undefined
  if (why === undefined || is === undefined || isDamaged(is) || !is.multi_instance_enable || isOld) return []
  return [describeUnitless(is, why)]
}

/** By its name systemd knows what to stop. */
function mustStop(instance: Instance, unit: string, before: readonly Listed[]): Refusal {
  const old = before.find(
    (each): each is Instance => each.config_directory === instance.config_directory && !isDamaged(each),
  )
  return new Refusal(`Instance '${instance.config_directory}' is not stopped`, {
    kind: 'conflict',
    explained: `${label(old ?? instance)} is running in ${unit}, and would have another unit: stop it first`,
    suggestions: [suggestStop(old ?? instance)],
  })
}

function listedNames(list: InstanceList): string {
  return allListed(list)
    .map((each) => each.multi_instance_name ?? '')
    .join('\n')
}

function unitNames(units: FoundUnits): string[] {
  return [...units.values()].flatMap(({name}) => name ?? [])
}
