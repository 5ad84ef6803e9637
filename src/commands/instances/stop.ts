import {toScope} from '../shared/scope.ts'
import {stopFlags, type Walked, WalkingCommand, walkArgs} from '../shared/walking.ts'

/** `postmulti instances stop [NAME...]`: end instances; those that do not run have what was wanted. */
export default class InstancesStop extends WalkingCommand {
  static override summary = 'Stop instances, in the reverse of the order in which they start.'
  static override args = walkArgs
  static override flags = stopFlags
  static override examples = [
    '<%= config.bin %> instances stop --all --yes',
    '<%= config.bin %> instances stop postfix-out',
  ]

  async run(): Promise<Walked> {
    const {args, flags} = await this.parse(InstancesStop)
    return this.walk(['stop'], toScope(flags, args.name), flags)
  }
}
