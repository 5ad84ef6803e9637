import {IteratingCommand, iterateArgs, type RunResults, stopFlags} from '../shared/iterating.ts'
import {toScope} from '../shared/scope.ts'

/** `postmulti instances stop [NAME...]`: end instances; those that do not run have what was wanted. */
export default class InstancesStop extends IteratingCommand {
  static override summary = 'Stop instances, in the reverse of the order in which they start.'
  static override args = iterateArgs
  static override flags = stopFlags
  static override examples = [
    '<%= config.bin %> instances stop --all --yes',
    '<%= config.bin %> instances stop postfix-out',
  ]

  async run(): Promise<RunResults> {
    const {args, flags} = await this.parse(InstancesStop)
    return this.iterate(['stop'], toScope(flags, args.name), flags)
  }
}
