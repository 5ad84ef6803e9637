import {readDetails} from '../../postfix/details.ts'
import {type DetailsJson, describeDetails, toDetailsJson} from '../../report/details.ts'
import {readPaper} from '../../report/paper.ts'
import {nameArgument} from '../change.ts'
import {ReadingCommand} from '../reading.ts'

/** `postmulti instances show NAME`: one instance whole. */
export default class InstancesShow extends ReadingCommand {
  static override summary = 'Show one instance whole: directories, state, listeners, mail, settings of its own, tables.'
  static override args = {name: nameArgument}
  static override examples = [
    '<%= config.bin %> instances show postfix-out',
    '<%= config.bin %> instances show - --json',
    '<%= config.bin %> instances show in --against out',
  ]

  async run(): Promise<DetailsJson> {
    const {args} = await this.parse(InstancesShow)
    const {instance, primary} = this.chooseOne(args.name)
    const details = readDetails(instance, primary)
    if (!this.jsonEnabled()) this.log(describeDetails(details, readPaper()))
    return toDetailsJson(details)
  }
}
