import {Args} from '@oclif/core'
import {rollbackPlugin} from '../../plugins/rollback.ts'
import {type PluginJson, toPluginJson} from '../../report/plugins.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {noteChange} from '../shared/interrupt.ts'
import {trialOn} from '../shared/trial.ts'

/** `postmulti plugins rollback NAME`: the version before, which was kept when this one was installed. */
export default class PluginsRollback extends PostmultiCommand {
  static override summary = 'Bring back the version of a plugin before the last one.'
  static override description =
    'One version is kept, with what was allowed for it. A second rollback brings the newer one back.'
  static override args = {
    name: Args.string({description: 'The name of a plugin.', required: true, ignoreStdin: true}),
  }
  static override examples = ['<%= config.bin %> <%= command.id %> naming-scheme']

  async run(): Promise<{plugin: PluginJson}> {
    const {args} = await this.parse(PluginsRollback)
    const change = {words: ['plugins', 'rollback', ...this.argv], warn: (text: string) => this.remark(text)}
    const {plugin, replaced} = await rollbackPlugin(args.name, (each) => trialOn(this.readHost())(each), change)
    noteChange()
    const {name, version} = plugin
    this.log(`${name} ${version} is back, in place of ${replaced}. Once more brings ${replaced} back.`)
    return {plugin: toPluginJson(plugin)}
  }
}
