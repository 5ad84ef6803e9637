import {Errors} from '@oclif/core'
import {operands, suggest, toLines} from '../../model/base/suggestion.ts'
import {exitStatus, PostmultiCommand} from '../shared/base.ts'

/** A word of oclif's that people may look for. */
export default class PluginsLink extends PostmultiCommand {
  static override hidden = true
  static override strict = false
  static override summary = 'Not offered: root would run what others can change.'

  async run(): Promise<never> {
    const [path = './PLUGIN'] = this.argv
    const reason = 'A plugin cannot be linked: anyone who can write its directory would be root'
    const suggestions = toLines([suggest`postmulti plugins install ${operands(path)}`])
    throw new Errors.CLIError(`${reason}\nAn installed one is a copy; install it again after each edit`, {
      code: 'REFUSED',
      exit: exitStatus.refused,
      suggestions,
    })
  }
}
