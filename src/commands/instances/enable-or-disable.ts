/** `postmulti instances enable|disable NAME...`: whether instances start and stop with the whole system. */
import {suggest} from '../../model/base/suggestion.ts'
import {typed} from '../../model/base/typed.ts'
import type {Plan} from '../../model/change/plan.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {isRunning} from '../../postfix/survey/facts.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {changeFlags, readableSubject, requiredNames} from '../shared/change.ts'
import {type Changes, changeEach} from '../shared/several.ts'

export const enablings = {
  enable: enablingOf('enable', 'Let instances start and stop with the whole system.', describeEnabled),
  disable: enablingOf('disable', 'Exclude instances from the start and stop of the whole system.', describeDisabled),
}

function enablingOf(action: 'enable' | 'disable', summary: string, told: (plan: Plan) => string) {
  return class InstancesEnabling extends PostmultiCommand {
    static override summary = summary
    static override args = {name: requiredNames}
    static override flags = changeFlags
    static override examples = [
      `<%= config.bin %> instances ${action} postfix-out`,
      `<%= config.bin %> instances ${action} in out --if-needed`,
    ]

    async run(): Promise<Changes> {
      const {args, flags} = await this.parse(InstancesEnabling)
      return changeEach(this, args.name, (name) => ({action, target: {by: 'name', name}}), flags, told)
    }
  }
}

function describeEnabled(plan: Plan): string {
  const instance = readableSubject(plan)
  return `Enabled ${label(instance)}. Next: ${typed(suggest`postmulti instances start ${operandOf(instance)}`)}`
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
