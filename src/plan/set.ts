/**
 * Parameters of one or many instances, all or none.
 * Source: postconf(1), "-e" and "-X"; postconf(5) for what needs a restart.
 */
import {Refusal} from '../model/errors.ts'
import type {Host, KnownParameters} from '../model/facts.ts'
import type {Plan, Step} from '../model/plan.ts'
import type {SetRequest} from '../model/request.ts'
import {select} from '../model/selection.ts'
import {findExisting} from './existing.ts'
import {checkKnown, checkOwnCommand} from './parameters.ts'

/** Read by master(8) when it starts and never again. */
const needsRestart = [
  'inet_interfaces',
  'inet_protocols',
  'mail_owner',
  'setgid_group',
  'maillog_file',
  'import_environment',
]

export function planSet(request: SetRequest, host: Host, known: KnownParameters): Plan {
  const targets = [
    ...new Set(
      request.targets.flatMap((each) => (each.by === 'name' ? [findExisting(each, host)] : select(host.list, each))),
    ),
  ]
  const [first] = targets
  if (first === undefined)
    throw new Refusal('No matching instances', {suggestions: ['postmulti instances'], mistake: true})
  checkOwnCommand([...Object.keys(request.set), ...request.unset])
  for (const each of targets) checkKnown(request.set, each, known)
  const steps = targets.map(({config_directory}): Step => {
    const {set, unset} = request
    return {do: 'edit main.cf', config_directory, set, ...(unset.length === 0 ? {} : {unset})}
  })
  return {request, config_directory: first.config_directory, before: host.list, after: host.list, steps, warnings: []}
}

/** How a running instance gets to know of it. */
export function reloadOrRestart(names: readonly string[]): 'reload' | 'restart' {
  return names.some((each) => needsRestart.includes(each)) ? 'restart' : 'reload'
}
