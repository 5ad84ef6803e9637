/** A main.cf or master.cf that somebody has edited by hand. Postfix knows no such command. */
import {claimAll} from '../model/claims.ts'
import {Refusal} from '../model/errors.ts'
import type {EditFacts, Host} from '../model/facts.ts'
import {describeDamage, type Instance, type InstanceList, isDamaged, operandOf} from '../model/instance.ts'
import type {Plan} from '../model/plan.ts'
import type {EditRequest} from '../model/request.ts'
import {suggest} from '../model/suggestion.ts'

export function planEdit(request: EditRequest, target: Instance, host: Host, facts: EditFacts): Plan {
  const {config_directory} = target
  const path = `${config_directory}/${request.file}`
  const {becomes, now, mode, owner} = facts
  if (now !== request.was) {
    throw new Refusal(`${path} has changed while it was being edited`, {
      suggestions: [suggest`postmulti instances edit ${operandOf(target)}`],
    })
  }
  const plan = {request, config_directory, before: host.list, after: host.list, steps: [], warnings: []}
  if (request.becomes === request.was) return plan
  if (isDamaged(becomes)) throw new Refusal(`Postfix cannot use this ${request.file}: ${describeDamage(becomes)}`)
  const after = replace(host.list, target, becomes)
  claimAll(after, host.shared)
  return {...plan, after, steps: [{do: 'write file', path, bytes: request.becomes, mode, owner}]}
}

function replace({primary, secondaries}: InstanceList, target: Instance, becomes: Instance): InstanceList {
  return {
    primary: primary === target ? becomes : primary,
    secondaries: secondaries.map((each) => (each === target ? becomes : each)),
  }
}
