import {Args} from '@oclif/core'
import {setForPlugin} from '../../plugins/settings.ts'
import {describeSettings, type PluginJson, toPluginJson} from '../../report/plugins.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {noteChange} from '../shared/interrupt.ts'

/** `postmulti plugins config NAME [KEY=VALUE...]`: how much a plugin may say, and what it wants to know. */
export default class PluginsConfig extends PostmultiCommand {
  static override summary = 'Show what is set for a plugin, or set it.'
  static override description =
    'mode is on, locked (as on, and skipping it needs a reason), advise (its refusals are notes, and only sub-commands ask it) or off; plugins with a smaller priority are asked first; timeout is in seconds; settings.KEY is what the plugin documents, as JSON or as text. KEY= removes a setting.'
  static override usage = '<%= command.id %> NAME [KEY=VALUE...]'
  static override args = {
    name: Args.string({description: 'The name of a plugin.', required: true, ignoreStdin: true}),
    setting: Args.string({description: 'KEY=VALUE', multiple: true, ignoreStdin: true}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> naming-scheme',
    '<%= config.bin %> <%= command.id %> naming-scheme mode=advise',
  ]

  async run(): Promise<{plugin: PluginJson}> {
    const {args} = await this.parse(PluginsConfig)
    const words = ['plugins', 'config', ...this.argv]
    const plugin = await setForPlugin(args.name, args.setting ?? [], {words, warn: (text) => this.remark(text)})
    if (args.setting !== undefined) noteChange()
    this.log(describeSettings(plugin))
    return {plugin: toPluginJson(plugin)}
  }
}
