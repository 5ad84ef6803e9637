/** `postmulti instances destroy|deport NAME`: an instance leaves the list; what Postfix made of it goes, or stays. */
import {suggest} from '../../model/base/suggestion.ts'
import {typed} from '../../model/base/typed.ts'
import type {Plan} from '../../model/change/plan.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {
  type ChangeJson,
  changeAfterQuestion,
  changeFlags,
  nameArgument,
  subjectName,
  yesFlag,
} from '../shared/change.ts'

interface Removal {
  summary: string
  description?: string
  /** What stands behind its name and that of an instance. */
  examples: string[]
  told(plan: Plan): string
  /** Destroy NAME? */
  asked: string
  needsYes: boolean
}

export const removals = {
  deport: removalOf('deport', {
    summary: 'Remove an instance from the list; its files stay, and it becomes an independent Postfix.',
    examples: [''],
    told: (plan) =>
      `Deported ${subjectName(plan)}; its files stay. To take it back: ${typed(suggest`postmulti instances import ${plan.config_directory}`)}`,
    asked: 'Deport',
    needsYes: false,
  }),
  destroy: removalOf('destroy', {
    summary: 'Remove an instance: its place in the list, its configuration and its empty queue.',
    description:
      'It must be disabled and stopped, and no mail may be in its queue. What Postfix did not make stays and is named.',
    examples: [' --dry-run', ' --yes'],
    told: (plan) => `Destroyed ${subjectName(plan)}. To bring it back: postmulti undo`,
    asked: 'Destroy',
    needsYes: true,
  }),
}

function removalOf(action: 'deport' | 'destroy', {summary, description, examples, told, asked, needsYes}: Removal) {
  return class InstancesRemoval extends PostmultiCommand {
    static override summary = summary
    static override description = description
    static override args = {name: nameArgument}
    static override flags = {...yesFlag, ...changeFlags}
    static override examples = examples.map((each) => `<%= config.bin %> instances ${action} postfix-out${each}`)

    async run(): Promise<ChangeJson> {
      const {args, flags} = await this.parse(InstancesRemoval)
      const question = (plan: Plan): string => `${asked} ${subjectName(plan)}?`
      const target = {by: 'name' as const, name: args.name}
      return changeAfterQuestion(this, {action, target}, flags, {told, question, needsYes})
    }
  }
}
