import {suggest} from '../../model/base/suggestion.ts'
import {typed} from '../../model/base/typed.ts'
import {operandOf} from '../../model/instance/instance.ts'
import {changeFlags, readableSubject, requiredNames, subjectName} from '../shared/change.ts'
import {type Changes, SeveralCommand} from '../shared/several.ts'

/** `postmulti instances enable NAME...`: let instances start with the whole system. */
export default class InstancesEnable extends SeveralCommand {
  static override summary = 'Let instances start and stop with the whole system.'
  static override args = {name: requiredNames}
  static override flags = {...changeFlags}
  static override examples = [
    '<%= config.bin %> instances enable postfix-out',
    '<%= config.bin %> instances enable in out --if-needed',
  ]

  async run(): Promise<Changes> {
    const {args, flags} = await this.parse(InstancesEnable)
    return this.changeEach(
      args.name,
      (name) => ({action: 'enable', target: {by: 'name', name}}),
      flags,
      (plan) => {
        const next = typed(suggest`postmulti instances start ${operandOf(readableSubject(plan))}`)
        return `Enabled ${subjectName(plan)}. Next: ${next}`
      },
    )
  }
}
