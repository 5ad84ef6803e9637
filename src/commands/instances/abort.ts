import {IteratingCommand, iterateArgs, type RunResults, stopFlags} from '../shared/iterating.ts'
import {toScope} from '../shared/scope.ts'

/** `postmulti instances abort [NAME...]`: end instances without waiting for what they do. */
export default class InstancesAbort extends IteratingCommand {
  static override summary = 'Stop instances at once, and cut deliveries short.'
  static override args = iterateArgs
  static override flags = stopFlags
  static override examples = ['<%= config.bin %> instances abort postfix-out']

  async run(): Promise<RunResults> {
    const {args, flags} = await this.parse(InstancesAbort)
    return this.iterate(['abort'], toScope(flags, args.name), flags)
  }
}
