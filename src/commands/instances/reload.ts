import {toScope} from '../shared/scope.ts'
import {reloadFlags, type Walked, WalkingCommand, walkArgs} from '../shared/walking.ts'

/** `postmulti instances reload [NAME...]`: no downtime, and enough for most changes. */
export default class InstancesReload extends WalkingCommand {
  static override summary = 'Let running instances read their configuration again.'
  static override args = walkArgs
  static override flags = reloadFlags
  static override examples = ['<%= config.bin %> instances reload', '<%= config.bin %> instances reload postfix-out']

  async run(): Promise<Walked> {
    const {args, flags} = await this.parse(InstancesReload)
    return this.walk(['reload'], toScope(flags, args.name), flags)
  }
}
