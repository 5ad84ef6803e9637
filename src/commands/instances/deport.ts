import {suggest} from '../../model/base/suggestion.ts'
import {typed} from '../../model/base/typed.ts'
import {ChangeCommand, type ChangeJson, changeFlags, nameArgument, subjectName, yesFlag} from '../shared/change.ts'

/** `postmulti instances deport NAME`: an instance leaves the list and keeps its files. */
export default class InstancesDeport extends ChangeCommand {
  static override summary = 'Strike an instance from the list; its files stay, and it lives on by itself.'
  static override args = {name: nameArgument}
  static override flags = {...yesFlag, ...changeFlags}
  static override examples = ['<%= config.bin %> instances deport postfix-out']

  async run(): Promise<ChangeJson> {
    const {args, flags} = await this.parse(InstancesDeport)
    return this.changeAfterQuestion(
      {action: 'deport', target: {by: 'name', name: args.name}},
      flags,
      (plan) =>
        `Deported ${subjectName(plan)}; its files stay. To take it back: ${typed(suggest`postmulti instances import ${plan.config_directory}`)}`,
      {needsYes: false, question: (plan) => `Deport ${subjectName(plan)}?`},
    )
  }
}
