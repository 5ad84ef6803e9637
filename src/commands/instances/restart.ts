import {IteratingCommand, iterateArgs, type RunResults, startFlags, stopFlags} from '../shared/iterating.ts'
import {toScope} from '../shared/scope.ts'

/**
 * `postmulti instances restart [NAME...]`: postfix(1) has no such word. Whatever would keep an instance from starting
 * again is looked for while it still runs; an interruption leaves nothing stopped that had been running.
 */
export default class InstancesRestart extends IteratingCommand {
  static override summary = 'Check instances, stop those that passed, and start them again; others keep running.'
  static override args = iterateArgs
  static override flags = {...stopFlags, ...startFlags}
  static override examples = [
    '<%= config.bin %> instances restart postfix-out',
    '<%= config.bin %> instances restart --group mta --yes',
  ]

  async run(): Promise<RunResults> {
    const {args, flags} = await this.parse(InstancesRestart)
    return this.restart(toScope(flags, args.name), flags)
  }
}
