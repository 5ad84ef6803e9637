import {remarkOnCommands} from '../../hooks/installed-commands.ts'
import {readRoster} from '../../hooks/roster.ts'
import {Refusal} from '../../model/base/errors.ts'
import {toLines} from '../../model/base/suggestion.ts'
import {findUnsafePlaces} from '../../plugins/place.ts'
import {findUnused} from '../../plugins/settings.ts'
import {describeFault} from '../../report/plugins.ts'
import {exitStatus, PostmultiCommand} from '../shared/base.ts'
import {orRefusal, trialOn} from '../shared/trial.ts'

interface Examined {
  name: string
  /** Null when all is well. */
  fault: string | null
  remedy: string[]
}

/** `postmulti plugins doctor`: each plugin down to its last file, what it answers, and the files that tell of plugins. */
export default class PluginsDoctor extends PostmultiCommand {
  static override summary = 'Check whether every plugin can be used; say what to type when one cannot.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<{plugins: Examined[]}> {
    await this.parse(PluginsDoctor)
    const host = orRefusal(() => this.readHost())
    if (host instanceof Refusal) this.remark(`no plugin was asked, because of the primary: ${host.explained}`)
    const known = await Promise.all(readRoster().map(trialOn(host)))
    const looked = [...known, ...findUnused(known), ...findUnsafePlaces(known)]
    const plugins = looked.map(({name, fault = null, remedy}) => ({name, fault, remedy: toLines(remedy)}))
    for (const each of known.flatMap(remarkOnCommands)) this.remark(each)
    const withCommands = known.filter(({commands}) => commands === 'allowed').map(({name}) => name)
    for (const each of plugins) {
      const well = `${each.name}: ok${withCommands.includes(each.name) ? ', commands allowed' : ''}`
      this.log(each.fault === null ? well : describeFault(each))
    }
    if (plugins.length === 0) this.log('There are no plugins.')
    if (plugins.some(({fault}) => fault !== null)) this.status = exitStatus.failed
    return {plugins}
  }
}
