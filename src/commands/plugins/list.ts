import {remarkOnCommands} from '../../hooks/installed-commands.ts'
import {readRoster} from '../../hooks/roster.ts'
import {describeFault, type PluginJson, toPluginJson, toPluginTable} from '../../report/plugins.ts'
import {readTerminal} from '../../report/terminal/terminal.ts'
import {PostmultiCommand} from '../shared/base.ts'

/** `postmulti plugins`: what is asked before and after changes. */
export default class PluginsList extends PostmultiCommand {
  static override summary = 'List plugins: those that came with postmulti, and those that were installed.'
  static override aliases = ['plugins']
  static override examples = ['<%= config.bin %> plugins', '<%= config.bin %> plugins --json']

  async run(): Promise<{plugins: PluginJson[]}> {
    await this.parse(PluginsList)
    const roster = readRoster()
    const plugins = roster.map(toPluginJson)
    this.log(toPluginTable(roster, readTerminal()))
    for (const each of plugins) if (each.fault !== null) this.remark(describeFault(each))
    for (const each of roster.flatMap(remarkOnCommands)) this.remark(each)
    return {plugins}
  }
}
