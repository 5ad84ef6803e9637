import {toScope} from '../shared/scope.ts'
import {type Walked, WalkingCommand, walkArgs, walkFlags} from '../shared/walking.ts'

/** `postmulti instances check [NAME...]`: what postfix(1) says of each instance's files. Disabled ones, too. */
export default class InstancesCheck extends WalkingCommand {
  static override summary =
    'Look for bad ownership, permissions and missing files or directories; creates missing directories.'
  static override args = walkArgs
  static override flags = walkFlags
  static override examples = ['<%= config.bin %> instances check']

  async run(): Promise<Walked> {
    const {args, flags} = await this.parse(InstancesCheck)
    return this.walk(['check'], toScope(flags, args.name), flags)
  }
}
