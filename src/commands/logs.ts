import {Flags} from '@oclif/core'
import {label, readable} from '../model/instance/instance.ts'
import {findOwnLog, followLines, readNewest} from '../postfix/watch/tail-log.ts'
import {type NamedJson, toNamedJson} from '../report/terminal/listed.ts'
import {PostmultiCommand} from './shared/base.ts'
import {nameArgument} from './shared/change.ts'
import {chooseInstance} from './shared/reading.ts'

/** `postmulti logs NAME`: what one instance has said, and what it says from now on. */
export default class Logs extends PostmultiCommand {
  static override summary = 'Print the newest log lines of one instance, from where it logs.'
  static override description =
    'That is its maillog_file, or the mail log or journal of the system. Lines are its own by its syslog_name. Older ' +
    'files of the log are not read.'
  static override args = {name: nameArgument}
  static override flags = {
    follow: Flags.boolean({char: 'f', description: 'Go on with new lines, until Ctrl-C.', exclusive: ['json']}),
    lines: Flags.integer({min: 0, default: 10, helpValue: 'N', description: 'At most so many of the newest.'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> postfix-out',
    '<%= config.bin %> <%= command.id %> - --lines 100',
  ]

  async run(): Promise<NamedJson & {source: string; lines: string[]}> {
    const {args, flags} = await this.parse(Logs)
    const {instance, list, primary} = chooseInstance(this, args.name)
    const log = findOwnLog(instance, readable(list), primary, (text) => this.remark(text))
    if (log.twin !== undefined) this.remark(`${log.twin} has the same syslog_name: the lines of both are shown`)
    const {lines, place} = await readNewest(log, flags.lines)
    for (const each of lines) this.log(each)
    if (flags.follow) await followLines(log, place, (line) => this.log(line))
    else if (lines.length === 0) this.remark(`${log.source} has no line of ${label(instance)}`)
    return {...toNamedJson(instance), source: log.source, lines}
  }
}
