import {Args, Flags} from '@oclif/core'
import {remarkOnCommands} from '../../hooks/installed-commands.ts'
import {linesWithoutControls} from '../../model/base/controls.ts'
import {installPlugins} from '../../plugins/install.ts'
import {type PluginJson, toPluginJson} from '../../report/plugins.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {noteChange} from '../shared/interrupt.ts'
import {trialOn} from '../shared/trial.ts'

/** `postmulti plugins install SPEC...`: from a directory, a package, a registry or a repository. */
export default class PluginsInstall extends PostmultiCommand {
  static override summary = 'Install plugins for the whole host, or other versions of them: all of these, or none.'
  static override description =
    'A directory is copied; a path needs no network. Before it is installed, a plugin is asked once at each of its events. A plugin whose files have changed since is not used.'
  static override args = {
    spec: Args.string({
      description: 'Directories, packed packages, names in a registry (NAME or NAME@VERSION), or git addresses.',
      required: true,
      multiple: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    'allow-scripts': Flags.boolean({
      description: 'Run the scripts that a package brings for its installation, as root.',
    }),
    'allow-commands': Flags.boolean({
      description:
        'Load the commands that this version brings: they run as the user who types them, without a sandbox.',
    }),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> ./naming-scheme',
    '<%= config.bin %> <%= command.id %> ./naming-scheme-1.2.0.tgz',
  ]

  async run(): Promise<{plugins: PluginJson[]}> {
    const {args, flags} = await this.parse(PluginsInstall)
    const plugins = await installPlugins(args.spec, {
      words: ['plugins', 'install', ...this.argv],
      allowScripts: flags['allow-scripts'],
      allowCommands: flags['allow-commands'],
      remark: (text) => process.stderr.write(`postmulti: ${linesWithoutControls(text)}\n`),
      warn: (text) => this.remark(text),
      examine: (plugin) => trialOn(this.readHost())(plugin),
    })
    noteChange()
    for (const {name, version, hooks} of plugins) {
      const events = [...new Set(hooks.map(({event}) => event))]
      this.log(`Installed ${name} ${version}, which is asked at ${events.join(', ') || 'no event'}.`)
    }
    for (const each of plugins.flatMap(remarkOnCommands)) this.remark(each)
    return {plugins: plugins.map(toPluginJson)}
  }
}
