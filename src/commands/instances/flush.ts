import {IteratingCommand, iterateArgs, iterateFlags, type RunResults} from '../shared/iterating.ts'
import {toScope} from '../shared/scope.ts'

/** `postmulti instances flush [NAME...]`: attempt every deferred message now. */
export default class InstancesFlush extends IteratingCommand {
  static override summary = 'Try again to deliver all mail that is waiting in the queues.'
  static override args = iterateArgs
  static override flags = iterateFlags
  static override examples = ['<%= config.bin %> instances flush postfix-out']

  async run(): Promise<RunResults> {
    const {args, flags} = await this.parse(InstancesFlush)
    return this.iterate(['flush'], toScope(flags, args.name), flags)
  }
}
