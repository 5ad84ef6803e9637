import {toScope} from '../shared/scope.ts'
import {stopFlags, type Walked, WalkingCommand, walkArgs} from '../shared/walking.ts'

/** `postmulti instances drain [NAME...]`: take no new work. */
export default class InstancesDrain extends WalkingCommand {
  static override summary = 'Stop instances, and let deliveries that are under way finish.'
  static override args = walkArgs
  static override flags = stopFlags
  static override examples = ['<%= config.bin %> instances drain postfix-out']

  async run(): Promise<Walked> {
    const {args, flags} = await this.parse(InstancesDrain)
    return this.walk(['drain'], toScope(flags, args.name), flags)
  }
}
