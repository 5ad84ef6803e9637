import {toScope} from '../shared/scope.ts'
import {startFlags, type Walked, WalkingCommand, walkArgs} from '../shared/walking.ts'

/** `postmulti instances start [NAME...]`: let instances run. A disabled one is checked in place of that. */
export default class InstancesStart extends WalkingCommand {
  static override summary =
    'Start instances: the primary first, within a group one after the other, everything else at the same time.'
  static override args = walkArgs
  static override flags = startFlags
  static override examples = [
    '<%= config.bin %> instances start',
    '<%= config.bin %> instances start postfix-out postfix-in',
    '<%= config.bin %> instances start --group mta',
  ]

  async run(): Promise<Walked> {
    const {args, flags} = await this.parse(InstancesStart)
    return this.walk(['start'], toScope(flags, args.name), flags)
  }
}
