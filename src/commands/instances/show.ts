import {Flags} from '@oclif/core'
import {chooseOne} from '../../model/instance/choice.ts'
import {readContrast, readDetails} from '../../postfix/survey/details.ts'
import {
  type ContrastJson,
  type DetailsJson,
  describeContrast,
  describeDetails,
  toContrastJson,
  toDetailsJson,
} from '../../report/details.ts'
import {readTerminal} from '../../report/terminal/terminal.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {nameArgument} from '../shared/change.ts'
import {chooseInstance} from '../shared/reading.ts'

/** `postmulti instances show NAME`: one instance whole. */
export default class InstancesShow extends PostmultiCommand {
  static override summary =
    'Show one instance in full: directories, state, listeners, mail, settings of its own, tables.'
  static override args = {name: nameArgument}
  static override flags = {
    against: Flags.string({description: 'Only the differences from the files of this instance.', helpValue: 'NAME'}),
  }
  static override examples = [
    '<%= config.bin %> instances show postfix-out',
    '<%= config.bin %> instances show - --json',
    '<%= config.bin %> instances show in --against out',
  ]

  async run(): Promise<DetailsJson | ContrastJson> {
    const {args, flags} = await this.parse(InstancesShow)
    const {instance, list, primary} = chooseInstance(this, args.name)
    if (flags.against !== undefined) {
      const contrast = readContrast(instance, chooseOne(list, flags.against))
      if (!this.jsonEnabled()) this.log(describeContrast(contrast, readTerminal()))
      return toContrastJson(contrast)
    }
    const details = readDetails(instance, primary, list)
    if (!this.jsonEnabled()) this.log(describeDetails(details, readTerminal()))
    return toDetailsJson(details)
  }
}
