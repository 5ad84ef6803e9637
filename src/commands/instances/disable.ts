import {suggest} from '../../model/base/suggestion.ts'
import {typed} from '../../model/base/typed.ts'
import type {Plan} from '../../model/change/plan.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {isRunning} from '../../postfix/survey/facts.ts'
import {changeFlags, readableSubject, requiredNames} from '../shared/change.ts'
import {type Changes, SeveralCommand} from '../shared/several.ts'

/** `postmulti instances disable NAME...`: leave instances alone when the whole system starts. */
export default class InstancesDisable extends SeveralCommand {
  static override summary = 'Leave instances alone when the whole system starts and stops.'
  static override args = {name: requiredNames}
  static override flags = {...changeFlags}
  static override examples = [
    '<%= config.bin %> instances disable postfix-out',
    '<%= config.bin %> instances disable in out --if-needed',
  ]

  async run(): Promise<Changes> {
    const {args, flags} = await this.parse(InstancesDisable)
    return this.changeEach(
      args.name,
      (name) => ({action: 'disable', target: {by: 'name', name}}),
      flags,
      describeDisabled,
    )
  }
}

/** What is disabled is no longer stopped with the whole system. */
function describeDisabled(plan: Plan): string {
  const instance = readableSubject(plan)
  const name = label(instance)
  if (instance === plan.after.primary) {
    const back = suggest`postmulti instances enable -`
    return `Disabled ${name}, the primary: mail of local users is not sent, and other instances cannot be changed. Back: ${typed(back)}`
  }
  if (!isRunning(instance)) return `Disabled ${name}.`
  const next = typed(suggest`postmulti instances stop ${operandOf(instance)}`)
  return `Disabled ${name}, which is still running. Next: ${next}`
}
