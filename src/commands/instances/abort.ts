import {toScope} from '../shared/scope.ts'
import {stopFlags, type Walked, WalkingCommand, walkArgs} from '../shared/walking.ts'

/** `postmulti instances abort [NAME...]`: end instances without waiting for what they do. */
export default class InstancesAbort extends WalkingCommand {
  static override summary = 'Stop instances at once, and cut deliveries short.'
  static override args = walkArgs
  static override flags = stopFlags
  static override examples = ['<%= config.bin %> instances abort postfix-out']

  async run(): Promise<Walked> {
    const {args, flags} = await this.parse(InstancesAbort)
    return this.walk(['abort'], toScope(flags, args.name), flags)
  }
}
