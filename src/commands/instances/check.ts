import {IteratingCommand, iterateArgs, iterateFlags, type RunResults} from '../shared/iterating.ts'
import {toScope} from '../shared/scope.ts'

/** `postmulti instances check [NAME...]`: what postfix(1) says of each instance's files. Disabled ones, too. */
export default class InstancesCheck extends IteratingCommand {
  static override summary =
    'Look for bad ownership, permissions and missing files or directories; creates missing directories.'
  static override args = iterateArgs
  static override flags = iterateFlags
  static override examples = ['<%= config.bin %> instances check']

  async run(): Promise<RunResults> {
    const {args, flags} = await this.parse(InstancesCheck)
    return this.iterate(['check'], toScope(flags, args.name), flags)
  }
}
