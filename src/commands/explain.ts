import {suggest} from '../model/base/suggestion.ts'
import {readable} from '../model/instance/instance.ts'
import {checkValuesKnown} from '../plan/parameters.ts'
import {readKnownParameters} from '../postfix/parameters/known-parameters.ts'
import {readValues} from '../postfix/parameters/values.ts'
import {readExplanation} from '../postfix/survey/explain.ts'
import {describeExplanation, type ExplanationJson, toExplanationJson} from '../report/explanation.ts'
import {readTerminal} from '../report/terminal/terminal.ts'
import {PostmultiCommand} from './shared/base.ts'
import {chooseInstance} from './shared/reading.ts'
import {wordsArgument} from './shared/setting.ts'

/** `postmulti explain [NAME] PARAMETER`: why a parameter is as it is. */
export default class Explain extends PostmultiCommand {
  static override summary = 'Show the value of a parameter, its file and line, and which other instances set it.'
  static override usage = ['<%= command.id %> [NAME] PARAMETER']
  static override args = {word: wordsArgument('The name of an instance (else the primary), then that of a parameter.')}
  static override examples = [
    '<%= config.bin %> <%= command.id %> postfix-out inet_interfaces',
    '<%= config.bin %> <%= command.id %> myhostname',
  ]

  async run(): Promise<ExplanationJson> {
    const {args} = await this.parse(Explain)
    const [parameter = '', name = '-', ...more] = args.word.toReversed()
    const first = more.at(-1)
    if (first !== undefined) this.usage('One parameter at a time', [suggest`postmulti explain ${first} ${parameter}`])
    const {instance, list, primary} = chooseInstance(this, name)
    const [values = new Map<string, string>()] = readValues([instance.config_directory], [parameter], primary)
    checkValuesKnown([parameter], [values], readKnownParameters(primary))
    const all = readable(list)
    const explanation = readExplanation(parameter, values.get(parameter)!, instance, all, primary)
    if (!this.jsonEnabled()) this.log(describeExplanation(explanation, readTerminal()))
    return toExplanationJson(explanation)
  }
}
