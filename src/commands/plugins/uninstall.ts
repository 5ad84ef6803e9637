import {Args} from '@oclif/core'
import {uninstallPlugins} from '../../plugins/uninstall.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {noteChange} from '../shared/interrupt.ts'

/** `postmulti plugins uninstall NAME...`: also what is broken. */
export default class PluginsUninstall extends PostmultiCommand {
  static override summary = 'Remove installed plugins, broken ones too. Their settings stay.'
  static override args = {
    name: Args.string({description: 'Names of plugins.', required: true, multiple: true, ignoreStdin: true}),
  }
  static override examples = ['<%= config.bin %> <%= command.id %> naming-scheme']

  async run(): Promise<{uninstalled: string[]}> {
    const {args} = await this.parse(PluginsUninstall)
    const words = ['plugins', 'uninstall', ...this.argv]
    await uninstallPlugins(args.name, {words, warn: (text) => this.remark(text)})
    noteChange()
    this.log(`Uninstalled ${args.name.join(', ')}.`)
    return {uninstalled: args.name}
  }
}
