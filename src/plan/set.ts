/**
 * Parameters of one or many instances, all or none.
 * Source: postconf(1), "-e" and "-X"; postconf(5) for what needs a restart.
 */
import {Refusal} from '../model/base/errors.ts'
import {suggest, toLines} from '../model/base/suggestion.ts'
import {findTargets} from '../model/change/existing.ts'
import type {Host, SettingFacts} from '../model/change/facts.ts'
import type {Plan, Step} from '../model/change/plan.ts'
import type {EditRequest, SetRequest} from '../model/change/request.ts'
import {type Instance, label} from '../model/instance/instance.ts'
import {collapse} from '../model/main-cf/expand.ts'
import {parseMainCf} from '../model/main-cf/lines.ts'
import {stockLineOf} from '../model/master-cf/stock-services.ts'
import {checkKinds, findUnreadableValues} from './kinds-of-values.ts'
import {checkKnownParameters, checkOwnCommand, checkSet, checkTableTypes, checkValues} from './parameters.ts'

/** Read by master(8) when it starts and never again. */
const needsRestart = [
  'inet_interfaces',
  'inet_protocols',
  'mail_owner',
  'setgid_group',
  'maillog_file',
  'import_environment',
]

export function planSet(request: SetRequest, host: Host, {settings, known, unlogged}: SettingFacts): Plan {
  const {set, unset} = request
  const targets = findTargets(request.targets, host)
  const [first] = targets
  if (first === undefined)
    throw new Refusal('No matching instances', {suggestions: [suggest`postmulti instances`], kind: 'not found'})
  checkOwnCommand({...Object.fromEntries(unset.map((each) => [each, ''])), ...set}, first)
  checkValues(set)
  checkTableTypes(set, known)
  for (const each of targets) checkKnownParameters(set, each, known)
  const unfit = checkKinds(
    targets.flatMap((each) => {
      return findUnreadableValues(new Map(Object.entries(set)), settings.get(each.config_directory) ?? new Map(), known)
    }),
    request.force,
  )
  checkSet(unset, targets, settings, known)
  const changing = targets.filter((each) => !hasAlready(request, settings.get(each.config_directory)))
  const steps = changing.map(({config_directory}): Step => {
    return {do: 'edit main.cf', config_directory, set, ...(unset.length === 0 ? {} : {unset})}
  })
  const warnings = [...unfit, ...warnOfPostlog(changing.filter((each) => unlogged.includes(each.config_directory)))]
  return {request, config_directory: first.config_directory, before: host.list, after: host.list, steps, warnings}
}

function warnOfPostlog(unlogged: readonly Instance[]): string[] {
  return unlogged.map((each) => {
    const add = suggest`postconf -c ${each.config_directory} -M ${`postlog/unix-dgram=${stockLineOf('postlog')}`}`
    return `${label(each)} will not start with a maillog_file, because its master.cf has no postlog/unix-dgram; try: ${toLines([add]).join('')}`
  })
}

/** `settings` is what a main.cf says. */
export function hasAlready({set, unset}: SetRequest, settings: ReadonlyMap<string, string> = new Map()): boolean {
  return (
    Object.entries(set).every(([name, value]) => settings.get(name) === collapse(value)) &&
    unset.every((name) => !settings.has(name))
  )
}

/** How a running instance gets to know of it. */
export function reloadOrRestart(names: readonly string[]): 'reload' | 'restart' {
  return names.some((each) => needsRestart.includes(each)) ? 'restart' : 'reload'
}

/** The parameters that a request changes, as far as main.cf says it. */
export function changedParameters(request: SetRequest | EditRequest): string[] {
  if (request.action === 'set') return [...Object.keys(request.set), ...request.unset]
  if (request.file === 'master.cf') return []
  const before = settingsOf(request.was)
  const after = settingsOf(request.becomes)
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name))
}

function settingsOf(mainCf: string): Map<string, string> {
  return new Map(parseMainCf(mainCf).entries.map(({name, value}) => [name, value]))
}
