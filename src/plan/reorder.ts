/** Another place in the start order for a listed instance. Postfix has no command for it: one edits the list by hand. */
import {Refusal} from '../model/base/errors.ts'
import {findExisting} from '../model/change/existing.ts'
import type {Host} from '../model/change/facts.ts'
import type {Plan} from '../model/change/plan.ts'
import type {ReorderRequest} from '../model/change/request.ts'
import {label} from '../model/instance/instance.ts'
import {matches} from '../model/instance/selection.ts'
import {checkInitialised} from './initialised.ts'
import {editList} from './list.ts'
import {insert} from './list-place.ts'

export function planReorder(request: ReorderRequest, host: Host): Plan {
  const {primary, secondaries} = host.list
  const target = findExisting(request.target, host)
  if (target === primary) throw new Refusal('The primary instance always starts first and stops last')
  checkInitialised(host)
  for (const wish of [request.place, request.after]) {
    if (wish?.by !== 'name' || !matches(wish, target, false)) continue
    throw new Refusal(`${label(target)} cannot start before or after itself`, {kind: 'usage'})
  }
  const others = secondaries.filter((each) => each !== target)
  const after = {primary, secondaries: insert(others, target, request)}
  const moved = after.secondaries.some((each, at) => each !== secondaries[at])
  return {
    request,
    config_directory: target.config_directory,
    before: host.list,
    after,
    steps: moved ? [editList(host, after, {drop: target.config_directory})] : [],
    warnings: [],
  }
}
