import {suggest} from '../../model/base/suggestion.ts'
import {readHostSilently} from '../../postfix/reader/list.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {changeFlags} from '../shared/change.ts'
import {changeSettings, countNames, type SettingJson, targetFlags, toTargets, wordsArgument} from '../shared/setting.ts'

/** `postmulti instances unset NAME... name...`: parameters of main.cf get their defaults back. */
export default class InstancesUnset extends PostmultiCommand {
  static override summary = 'Remove parameters from main.cf, so that they have their defaults.'
  static override args = {
    word: wordsArgument('Names of instances (none with --group or --all), then names of parameters.'),
  }
  static override flags = {...targetFlags, ...changeFlags}
  static override examples = [
    '<%= config.bin %> instances unset postfix-out default_process_limit',
    '<%= config.bin %> instances unset --group mta relayhost --if-needed',
  ]

  async run(): Promise<SettingJson> {
    const {args, flags} = await this.parse(InstancesUnset)
    const isNamed = flags.group === undefined && !flags.all
    const end = isNamed ? countNamesOf(args.word) : 0
    const unset = args.word.slice(end)
    if (unset.length === 0) this.usage('Nothing to unset: name a parameter after the instances')
    const setting = unset.find((each) => each.includes('='))
    if (setting !== undefined) {
      const words = this.typedLine().argv.map((each) => (unset.includes(each) ? each.replace(/=.*$/s, '') : each))
      this.usage(`'${setting}' is not the name of a parameter: unset takes no values`, [
        suggest`postmulti instances unset ${words}`,
      ])
    }
    const targets = toTargets(args.word.slice(0, end), flags)
    return changeSettings(this, {action: 'set', targets, set: {}, unset}, flags)
  }
}

/** What there is to be remarked is so when they are read for the change. */
function countNamesOf(words: readonly string[]): number {
  if (words.length < 3) return 1
  const {primary, list} = readHostSilently()
  return countNames(words, list, primary)
}
