import {Args} from '@oclif/core'
import {PostmultiCommand} from '../shared/base.ts'
import {type RunResults, runWord, stopFlags} from '../shared/iterating.ts'
import {toScope} from '../shared/scope.ts'

/** `postmulti instances postfix WORD [ARGUMENT...]`: any word of postfix(1), the site's own included. */
export default class InstancesPostfix extends PostmultiCommand {
  static override summary =
    'Run a command of postfix(1) for instances, by the start, stop and control classes of main.cf.'
  static override usage = ['<%= command.id %> WORD', '<%= command.id %> -- WORD ARGUMENT...']
  static override args = {
    word: Args.string({
      description: "A word of postfix(1), then its arguments; '--' goes before them when one begins with '-'.",
      required: true,
      multiple: true,
      ignoreStdin: true,
    }),
  }
  static override flags = stopFlags
  static override examples = [
    '<%= config.bin %> instances postfix check',
    '<%= config.bin %> instances postfix --group mta -- post-install create-missing',
  ]

  async run(): Promise<RunResults> {
    const {flags, raw} = await this.parse(InstancesPostfix)
    return runWord(this, wordsInOrder(raw), toScope(flags), flags)
  }
}

/** oclif moves words that occur twice together; these are as they were typed. */
function wordsInOrder(raw: readonly {type: string; input: string}[]): string[] {
  return raw.filter(({type}) => type === 'arg').map(({input}) => input)
}
