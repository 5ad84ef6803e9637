/** What a change of the instance list means for systemd. Nothing here touches the host: it is only looked at. */
import {basename} from 'node:path'
import {type Answer, type Finding, first, label, operandOf, runProgram, type Step, warn} from '@postmulti/plugin-api'
import {planOrder} from './order.ts'
import {type Change, hasUnits, type IsThere, isActive, isEnabled, isGenerated, whyUnfit, withUnits} from './units.ts'

export async function planChange(change: Change, isThere: IsThere): Promise<Answer> {
  if (!hasUnits(isThere)) return []
  const leavers = findLeavers(change, isThere)
  const order = await planOrder(change, isThere)
  const upToDate = withUnits(change.after).every(({unit}) => unit === undefined || isGenerated(unit, isThere))
  return [
    ...warnOfUnitless(change),
    ...leavers.flatMap(leave),
    ...order,
    ...(upToDate && leavers.length === 0 && order.length === 0
      ? []
      : [systemctl(['daemon-reload'], ['daemon-reload'])]),
    ...leavers.flatMap(comeBack),
  ]
}

/** Whoever starts an instance by hand passes its unit by; one that runs in its unit is about to be restarted. */
export function planStart({subjects, after}: Change, isThere: IsThere): Answer {
  if (!hasUnits(isThere)) return []
  const starting = withUnits(after).filter(
    (each) => each.multi_instance_enable && subjects.includes(each.config_directory),
  )
  const units = starting.flatMap(({unit}) => unit ?? [])
  if (units.length === 0) return []
  const stopped = units.filter((each) => !isActive(each, isThere))
  const command = stopped.length > 0 ? ['start', ...stopped] : ['restart', ...units]
  const message = 'systemd does not see what is started by hand: it will not stop it, and may end it with your session'
  return [warn(message, {suggestions: [['systemctl', ...command]]})]
}

/** Who has a unit now that it will not have any more. */
function findLeavers({before, after}: Change, isThere: IsThere) {
  const later = new Map(withUnits(after).map((each) => [each.config_directory, each.unit]))
  return withUnits(before).flatMap(({unit, config_directory, multi_instance_enable}) => {
    const becomes = later.get(config_directory)
    if (unit === undefined || unit === becomes) return []
    // What is not enabled could not be started again.
    const runs = multi_instance_enable && isActive(unit, isThere)
    return [{unit, becomes, runs, enabled: isEnabled(unit, isThere)}]
  })
}

type Leaver = ReturnType<typeof findLeavers>[number]

/** While postmulti still knows the instance by its name: the unit needs it to stop it. */
function leave({unit, becomes, runs, enabled}: Leaver): Step[] {
  return [
    systemctl(['stop', unit], runs ? ['start', unit] : undefined),
    systemctl(forget(unit), becomes === undefined ? undefined : forget(becomes)),
    ...(enabled ? [systemctl(['disable', unit], ['enable', unit])] : []),
  ].map(first)
}

/** A pattern: for a name that systemd does not know, systemctl would fail. */
function forget(unit: string): string[] {
  return ['reset-failed', unit.replace(/.$/, '?')]
}

function comeBack({becomes, runs, enabled}: Leaver): Step[] {
  if (becomes === undefined) return []
  return [
    ...(enabled ? [systemctl(['enable', becomes], ['disable', becomes])] : []),
    ...(runs ? [systemctl(['start', becomes], ['stop', becomes])] : []),
  ]
}

function systemctl(words: readonly string[], undo?: readonly string[]): Step {
  return runProgram(['systemctl', ...words], undo && {undo: ['systemctl', ...undo]})
}

function warnOfUnitless({subjects, after}: Change): Finding[] {
  return withUnits(after).flatMap(({unit, ...each}) => {
    if (unit !== undefined || !subjects.includes(each.config_directory)) return []
    const name = (each.multi_instance_name || basename(each.config_directory)).replace(/[^A-Za-z0-9:_.@-]/g, '-')
    const suggestions = [['postmulti', 'instances', 'assign', operandOf(each), '--name', name]]
    return [warn(`systemd never starts ${label(each)}: ${whyUnfit(each.multi_instance_name)}`, {suggestions})]
  })
}
