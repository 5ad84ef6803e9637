/**
 * What `postmulti check --fix` does: the steps that the rules propose, each once. Rules are asked again with the lock in
 * hand, so that nothing is mended that somebody has mended meanwhile. Postfix knows no such command.
 */
import type {Host} from '../model/change/facts.ts'
import type {Finding} from '../model/change/finding.ts'
import type {Plan, Step} from '../model/change/plan.ts'
import type {FixRequest} from '../model/change/request.ts'

/** `found` is what the rules find now. */
export function planFix(request: FixRequest, host: Host, found: readonly Finding[]): Plan {
  const wanted = new Set(request.findings.map(findingKey))
  const present = found.filter((each) => wanted.has(findingKey(each)))
  const steps = unite(present.flatMap(({fix}) => fix ?? []))
  const config_directory = present[0]?.instances[0] ?? ''
  return {request, config_directory, before: host.list, after: host.list, steps, warnings: []}
}

function findingKey({rule, instances, message}: FixRequest['findings'][number]): string {
  return JSON.stringify([rule, instances, message])
}

/** One edit of each main.cf; and a table that several instances share is built once. */
function unite(steps: readonly Step[]): Step[] {
  const united = new Map<string, Step>()
  for (const each of steps) {
    const key = editedBy(each)
    const earlier = united.get(key)
    if (earlier?.do === 'edit main.cf' && each.do === 'edit main.cf') {
      united.set(key, {...earlier, set: {...earlier.set, ...each.set}})
    } else if (earlier === undefined) united.set(key, each)
  }
  return [...united.values()]
}

function editedBy(step: Step): string {
  if (step.do === 'edit main.cf') return `${step.do} ${step.config_directory}`
  return `${step.do} ${step.do === 'run program' ? step.changes.join(' ') : JSON.stringify(step)}`
}
