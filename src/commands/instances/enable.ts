import {changeFlags, namesArgument, subjectName} from '../change.ts'
import {type Changes, SeveralCommand} from '../several.ts'

/** `postmulti instances enable NAME...`: let instances start with the whole system. */
export default class InstancesEnable extends SeveralCommand {
  static override summary = 'Let instances start and stop with the whole system.'
  static override args = {name: namesArgument}
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
      (plan) => `Enabled ${subjectName(plan)}. Next: postmulti instances start ${subjectName(plan)}`,
    )
  }
}
