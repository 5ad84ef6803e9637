import {toScope} from '../shared/scope.ts'
import {type Walked, WalkingCommand, walkArgs, walkFlags} from '../shared/walking.ts'

/** `postmulti instances flush [NAME...]`: attempt every deferred message now. */
export default class InstancesFlush extends WalkingCommand {
  static override summary = 'Try again to deliver all mail that is waiting in the queues.'
  static override args = walkArgs
  static override flags = walkFlags
  static override examples = ['<%= config.bin %> instances flush postfix-out']

  async run(): Promise<Walked> {
    const {args, flags} = await this.parse(InstancesFlush)
    return this.walk(['flush'], toScope(flags, args.name), flags)
  }
}
