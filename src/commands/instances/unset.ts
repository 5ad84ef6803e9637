import {changeFlags} from '../change.ts'
import {type Setting, SettingCommand, targetFlags, wordsArgument} from '../setting.ts'

/** `postmulti instances unset NAME name...`: parameters of main.cf get their defaults back. */
export default class InstancesUnset extends SettingCommand {
  static override summary = 'Remove parameters from main.cf, so that their defaults hold.'
  static override args = {
    word: wordsArgument('The name of an instance (none with --group or --all), then names of parameters.'),
  }
  static override flags = {...targetFlags, ...changeFlags}
  static override examples = [
    '<%= config.bin %> instances unset postfix-out default_process_limit',
    '<%= config.bin %> instances unset --group mta relayhost --if-needed',
  ]

  async run(): Promise<Setting> {
    const {args, flags} = await this.parse(InstancesUnset)
    const isNamed = flags.group === undefined && !flags.all
    const unset = isNamed ? args.word.slice(1) : args.word
    if (unset.length === 0) this.usage('Nothing to unset: name a parameter behind the instance')
    const setting = unset.find((each) => each.includes('='))
    if (setting !== undefined) this.usage(`'${setting}' is no name of a parameter: unset takes no values`)
    const targets = this.toTargets(isNamed ? args.word.slice(0, 1) : [], flags)
    return this.changeSettings({action: 'set', targets, set: {}, unset}, flags)
  }
}
