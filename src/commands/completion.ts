import {Args} from '@oclif/core'
import {completionScripts, type Shell, shells} from '../help/completion-scripts.ts'
import {PostmultiCommand} from './shared/base.ts'

/** `postmulti completion SHELL`: the script that a shell reads to complete postmulti's words. */
export default class Completion extends PostmultiCommand {
  static override summary = 'Print the script that lets a shell complete commands, flags, instances and parameters.'
  static override args = {
    shell: Args.string({
      description: 'The shell that reads it.',
      options: shells,
      required: true,
      ignoreStdin: true,
    }),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> bash',
    '<%= config.bin %> <%= command.id %> zsh',
    '<%= config.bin %> <%= command.id %> fish',
  ]

  async run(): Promise<{shell: Shell; script: string}> {
    const {args} = await this.parse(Completion)
    const shell = args.shell as Shell
    const script = completionScripts[shell]
    this.log(script.trimEnd())
    return {shell, script}
  }
}
