import {IteratingCommand, iterateArgs, type RunResults, stopFlags} from '../shared/iterating.ts'
import {toScope} from '../shared/scope.ts'

/** `postmulti instances drain [NAME...]`: take no new work. */
export default class InstancesDrain extends IteratingCommand {
  static override summary = 'Stop instances, and let deliveries that are under way finish.'
  static override args = iterateArgs
  static override flags = stopFlags
  static override examples = ['<%= config.bin %> instances drain postfix-out']

  async run(): Promise<RunResults> {
    const {args, flags} = await this.parse(InstancesDrain)
    return this.iterate(['drain'], toScope(flags, args.name), flags)
  }
}
