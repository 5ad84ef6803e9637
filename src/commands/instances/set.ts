import {suggest} from '../../model/base/suggestion.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {changeFlags} from '../shared/change.ts'
import {
  changeSettings,
  forceFlag,
  type SettingJson,
  targetFlags,
  toTargets,
  withForce,
  wordsArgument,
} from '../shared/setting.ts'
import {joinSettings, parseSettings} from '../shared/settings.ts'

/** `postmulti instances set NAME... name=value...`: parameters of main.cf, in all of the instances or in none. */
export default class InstancesSet extends PostmultiCommand {
  static override summary = 'Set parameters of main.cf: in all of these instances, or in none.'
  static override args = {word: wordsArgument('Names of instances, then settings as name=value.')}
  static override flags = {...targetFlags, ...forceFlag, ...changeFlags}
  static override examples = [
    '<%= config.bin %> instances set postfix-out default_process_limit=50',
    "<%= config.bin %> instances set --group mta 'relayhost=[smtp.example.com]:587' smtp_tls_security_level=encrypt",
    '<%= config.bin %> instances set in out message_size_limit=20480000 --dry-run',
  ]

  async run(): Promise<SettingJson> {
    const {args, flags} = await this.parse(InstancesSet)
    const start = args.word.findIndex((each) => each.includes('='))
    if (start < 0) this.usage('Nothing to set: pass NAME=VALUE after the instances')
    const joined = joinSettings(this.typedLine().argv)
    const set = parseSettings(
      args.word.slice(start),
      joined.map((each) => suggest`postmulti instances set ${each}`),
    )
    const targets = toTargets(args.word.slice(0, start), flags)
    return changeSettings(this, {action: 'set', targets, set, unset: [], ...withForce(flags)}, flags)
  }
}
