import {Flags} from '@oclif/core'
import {ourWrapper, stockWrapper} from '../../model/change/request.ts'
import {findLauncher} from '../../postfix/programs/launcher.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {type ChangeJson, change, changeFlags} from '../shared/change.ts'

/** `postmulti instances init`: what a host needs once, before its first secondary instance. */
export default class InstancesInit extends PostmultiCommand {
  static override summary = 'Prepare this host for several instances: name the wrapper, and enable the primary.'
  static override description =
    "The wrapper is what postfix(1) calls to start and stop all instances. 'upstream' is the value of Postfix's own " +
    "'postmulti -e init', which starts whatever postmulti is in command_directory; 'ours' is this program by its path."
  static override flags = {
    wrapper: Flags.option({
      options: ['ours', 'upstream'] as const,
      description: 'Which wrapper.',
      default: 'upstream',
    })(),
    ...changeFlags,
  }
  static override examples = [
    '<%= config.bin %> instances init',
    '<%= config.bin %> instances init --wrapper ours --dry-run',
  ]

  async run(): Promise<ChangeJson> {
    const {flags} = await this.parse(InstancesInit)
    const wrapper = flags.wrapper === 'ours' ? ourWrapper(findLauncher(this.config.root)) : stockWrapper
    const told = 'This host is ready for several instances. Next: postmulti instances create NAME'
    return change(this, {action: 'init', wrapper}, flags, () => told)
  }
}
