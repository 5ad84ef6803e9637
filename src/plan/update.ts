/**
 * init, enable, disable and assign: one edit of one main.cf.
 * Source: update_instance() in postmulti.c; the branches of these actions in postmulti-script.
 */

import {Refusal} from '../model/base/errors.ts'
import {findExisting} from '../model/change/existing.ts'
import type {Host} from '../model/change/facts.ts'
import type {Plan} from '../model/change/plan.ts'
import type {AssignRequest, ExistingRequest, InitRequest} from '../model/change/request.ts'
import {claim, claimAll} from '../model/instance/claims.ts'
import {damaged, describeDamage, type Instance, type InstanceList, isDamaged} from '../model/instance/instance.ts'
import {checkNewNames} from '../model/instance/names.ts'
import {checkInitialised} from './initialised.ts'
import {changedNames} from './new-instance.ts'

/** Has to do with nothing but the primary: it must work on a host whose secondaries are broken. */
export function planInit(request: InitRequest, list: InstanceList): Plan {
  const set = {multi_instance_wrapper: request.wrapper, multi_instance_enable: 'yes'}
  return planInstanceEdit(request, list, list.primary, set, {multi_instance_enable: true})
}

/** The primary may be enabled again; postmulti(1) wants an init for that, which sets the wrapper, too. */
export function planSwitch(
  request: ExistingRequest & {action: 'enable' | 'disable'},
  host: Host,
  {classic = false} = {},
): Plan {
  const target = findExisting(request.target, host)
  const enabled = request.action === 'enable'
  const mends = enabled && target === host.list.primary && host.multi_instance_wrapper !== ''
  if (classic || !mends) checkInitialised(host)
  return planInstanceEdit(
    request,
    host.list,
    target,
    {multi_instance_enable: enabled ? 'yes' : 'no'},
    {
      multi_instance_enable: enabled,
    },
  )
}

/** Without a real change there is nothing to do, and nothing more is checked. */
export function planAssign(request: AssignRequest, host: Host): Plan {
  const target = findExisting(request.target, host)
  checkNewNames(request.newName, request.newGroup)
  const names = changedNames(target, request.newName, request.newGroup)
  const {multi_instance_name} = names
  if (multi_instance_name !== undefined) {
    claim(claimAll(host.list, host.shared), target.config_directory, 'multi_instance_name', multi_instance_name)
    if (multi_instance_name !== '') checkNoneHidden(host.list)
  }
  if (Object.keys(names).length > 0) checkInitialised(host)
  return planInstanceEdit(request, host.list, target, names, names)
}

function planInstanceEdit(
  request: Plan['request'],
  before: InstanceList,
  target: Instance,
  set: Record<string, string>,
  change: Partial<Instance>,
): Plan {
  const {config_directory} = target
  const changed = <T extends InstanceList['secondaries'][number]>(each: T): T =>
    each.config_directory === config_directory && !isDamaged(each) ? {...each, ...change} : each
  return {
    request,
    config_directory,
    before,
    after: {primary: changed(before.primary), secondaries: before.secondaries.map(changed)},
    steps: Object.keys(set).length === 0 ? [] : [{do: 'edit main.cf', config_directory, set}],
    warnings: [],
  }
}

/** An instance that cannot be read may own the name. */
function checkNoneHidden(list: InstanceList): void {
  const broken = damaged(list)[0]
  if (broken === undefined) return
  if (broken.contested !== undefined) throw new Refusal(broken.reason, {kind: 'conflict'})
  throw new Refusal(
    `Cannot assign a name while instance ${broken.config_directory} cannot be read: ${describeDamage(broken)}`,
  )
}
