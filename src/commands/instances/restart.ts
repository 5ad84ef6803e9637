import {toScope} from '../shared/scope.ts'
import {startFlags, stopFlags, type Walked, WalkingCommand, walkArgs} from '../shared/walking.ts'

/**
 * `postmulti instances restart [NAME...]`: postfix(1) has no such word. Whatever would keep an instance from starting
 * again is looked for while it still runs; an interruption leaves nothing stopped that had been running.
 */
export default class InstancesRestart extends WalkingCommand {
  static override summary = 'Check instances, stop those that passed, and start them again; others keep running.'
  static override args = walkArgs
  static override flags = {...stopFlags, ...startFlags}
  static override examples = [
    '<%= config.bin %> instances restart postfix-out',
    '<%= config.bin %> instances restart --group mta --yes',
  ]

  async run(): Promise<Walked> {
    const {args, flags} = await this.parse(InstancesRestart)
    return this.restart(toScope(flags, args.name), flags)
  }
}
