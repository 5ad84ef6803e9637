/**
 * What `postmulti check --fix` does: the steps that the rules propose, each once. Rules are asked again with the lock in
 * hand, so that nothing is mended that somebody has mended meanwhile. Postfix knows no such command.
 */
import {Refusal} from '../model/base/errors.ts'
import type {FixFacts, Host} from '../model/change/facts.ts'
import type {Plan, Step} from '../model/change/plan.ts'
import type {FixRequest} from '../model/change/request.ts'
import {isDamaged, readable} from '../model/instance/instance.ts'

export function planFix(request: FixRequest, host: Host, facts: FixFacts): Plan {
  const wanted = new Set(request.findings.map(findingKey))
  const present = facts.found.filter((each) => wanted.has(findingKey(each)))
  const steps = unite(present.flatMap(({fix}) => fix ?? []))
  checkEdits(steps, host, facts)
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

function checkEdits(steps: readonly Step[], {list}: Host, {validate}: FixFacts): void {
  const instances = new Map(readable(list).map((each) => [each.config_directory, each]))
  for (const each of steps) {
    const target = each.do === 'edit main.cf' ? instances.get(each.config_directory) : undefined
    if (each.do !== 'edit main.cf' || target === undefined) continue
    const becomes = validate(target, each.set, each.unset ?? [])
    if (isDamaged(becomes)) throw new Refusal(`${becomes.file} would be refused by Postfix: ${becomes.reason}`)
  }
}
