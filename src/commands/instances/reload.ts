import {IteratingCommand, iterateArgs, type RunResults, reloadFlags} from '../shared/iterating.ts'
import {toScope} from '../shared/scope.ts'

/** `postmulti instances reload [NAME...]`: no downtime, and enough for most changes. */
export default class InstancesReload extends IteratingCommand {
  static override summary = 'Let running instances read their configuration again.'
  static override args = iterateArgs
  static override flags = reloadFlags
  static override examples = ['<%= config.bin %> instances reload', '<%= config.bin %> instances reload postfix-out']

  async run(): Promise<RunResults> {
    const {args, flags} = await this.parse(InstancesReload)
    return this.iterate(['reload'], toScope(flags, args.name), flags)
  }
}
