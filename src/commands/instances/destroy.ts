import {ChangeCommand, type ChangeJson, changeFlags, nameArgument, subjectName, yesFlag} from '../shared/change.ts'

/** `postmulti instances destroy NAME`: an instance leaves the list, and what Postfix made of it goes. */
export default class InstancesDestroy extends ChangeCommand {
  static override summary = 'Remove an instance: its place in the list, its configuration and its empty queue.'
  static override description =
    'It must be disabled and stopped, and no mail may be in its queue. What Postfix did not make stays and is named.'
  static override args = {name: nameArgument}
  static override flags = {...yesFlag, ...changeFlags}
  static override examples = [
    '<%= config.bin %> instances destroy postfix-out --dry-run',
    '<%= config.bin %> instances destroy postfix-out --yes',
  ]

  async run(): Promise<ChangeJson> {
    const {args, flags} = await this.parse(InstancesDestroy)
    return this.changeAfterQuestion(
      {action: 'destroy', target: {by: 'name', name: args.name}},
      flags,
      (plan) => `Destroyed ${subjectName(plan)}. To bring it back: postmulti undo`,
      {needsYes: true, question: (plan) => `Destroy ${subjectName(plan)}?`},
    )
  }
}
