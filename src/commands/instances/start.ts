import {IteratingCommand, iterateArgs, type RunResults, startFlags} from '../shared/iterating.ts'
import {toScope} from '../shared/scope.ts'

/** `postmulti instances start [NAME...]`: let instances run. A disabled one is checked in place of that. */
export default class InstancesStart extends IteratingCommand {
  static override summary =
    'Start instances: the primary first, within a group one after the other, everything else at the same time.'
  static override args = iterateArgs
  static override flags = startFlags
  static override examples = [
    '<%= config.bin %> instances start',
    '<%= config.bin %> instances start postfix-out postfix-in',
    '<%= config.bin %> instances start --group mta',
  ]

  async run(): Promise<RunResults> {
    const {args, flags} = await this.parse(InstancesStart)
    return this.iterate(['start'], toScope(flags, args.name), flags)
  }
}
