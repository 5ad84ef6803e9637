import {Flags} from '@oclif/core'
import {withPrefix} from '../../model/instance/names.ts'
import {isRunning} from '../../postfix/survey/facts.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {type ChangeJson, change, changeFlags, nameArgument, readableSubject} from '../shared/change.ts'
import {nextStep} from '../shared/next-step.ts'

/** `postmulti instances assign NAME`: another name, another group. */
export default class InstancesAssign extends PostmultiCommand {
  static override summary = 'Give an instance another name or another group. Its directories stay where they are.'
  static override args = {name: nameArgument}
  static override flags = {
    name: Flags.string({
      description: "Its new name; a missing 'postfix-' is added.",
      atLeastOne: ['name', 'group', 'no-group'],
    }),
    group: Flags.string({char: 'g', description: 'Its new group.', exclusive: ['no-group']}),
    'no-group': Flags.boolean({description: 'It leaves its group.'}),
    ...changeFlags,
  }
  static override examples = [
    '<%= config.bin %> instances assign postfix-out --group mta',
    '<%= config.bin %> instances assign out --name relay --no-group',
  ]

  async run(): Promise<ChangeJson> {
    const {args, flags} = await this.parse(InstancesAssign)
    const newGroup = flags['no-group'] ? '' : flags.group
    const request = {
      action: 'assign' as const,
      target: {by: 'name' as const, name: args.name},
      ...(flags.name === undefined ? {} : {newName: withPrefix(flags.name)}),
      ...(newGroup === undefined ? {} : {newGroup}),
    }
    return change(this, request, flags, (plan) => {
      const subject = readableSubject(plan)
      const {multi_instance_name, multi_instance_group, config_directory} = subject
      const group = multi_instance_group === '' ? 'in no group' : `in group ${multi_instance_group}`
      const next = flags.name !== undefined && isRunning(subject) ? nextStep('reload', [subject]) : ''
      return `${config_directory} is now ${multi_instance_name || 'nameless'}, ${group}.${next}`
    })
  }
}
