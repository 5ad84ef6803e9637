import {Errors, Flags} from '@oclif/core'
import {exitStatus} from '../base.ts'
import {toScope} from '../scope.ts'
import {stopFlags, type Walked, WalkingCommand} from '../walking.ts'

/** `postmulti instances run -- COMMAND...`: the -x of people. */
export default class InstancesRun extends WalkingCommand {
  static override summary =
    'Run a command once for each instance, in start order, with MAIL_CONFIG and the rest of -x in its environment.'
  static override usage = ['<%= command.id %> -- COMMAND [ARGUMENT...]']
  static override strict = false
  static override flags = {
    ...stopFlags,
    prefix: Flags.boolean({char: 'p', description: "Begin each line with the instance's name."}),
  }
  static override examples = [
    '<%= config.bin %> instances run -- postqueue -p',
    '<%= config.bin %> instances run --group mta --prefix -- postconf -n',
    "<%= config.bin %> instances run --instance postfix-out -- sh -c 'echo $MAIL_CONFIG'",
  ]

  async run(): Promise<Walked> {
    const at = this.argv.indexOf('--')
    const command = at < 0 ? [] : this.argv.slice(at + 1)
    // What is behind '--' is the command's: oclif would sort it.
    if (at >= 0) this.argv = this.argv.slice(0, at)
    const {flags, argv} = await this.parse(InstancesRun)
    if (command.length === 0 || argv.length > 0) {
      const suggestions = ['postmulti instances run -- postqueue -p']
      throw new Errors.CLIError("The command goes behind '--'", {code: 'USAGE', exit: exitStatus.usage, suggestions})
    }
    return this.runInEach(command, toScope(flags), flags)
  }
}
