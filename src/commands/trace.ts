import {Args, Flags} from '@oclif/core'
import {Refusal} from '../model/errors.ts'
import {type InstanceList, label} from '../model/instance.ts'
import type {LogLine} from '../model/mail-log.ts'
import {chooseHolder} from '../model/queue-action.ts'
import {toLatin1} from '../model/text.ts'
import {joinTracks} from '../model/track.ts'
import {typed} from '../model/typed.ts'
import {findMailLog, gatherLines, readInstead} from '../postfix/mail-log.ts'
import {readPaper} from '../report/paper.ts'
import {
  describeRefused,
  describeTrack,
  type RefusedJson,
  type TrackJson,
  toRefusedJson,
  toTrackJson,
} from '../report/track.ts'
import {ReadingCommand} from './reading.ts'

/** `postmulti trace WHAT`: where a message came from, where it went, and how long each part of the way took. */
export default class Trace extends ReadingCommand {
  static override summary = 'Follow a message through all instances in the log, with the time that each of them took.'
  static override description =
    'Reads the maillog_file of each instance, or the mail log or journal of the system. Compressed files are left out.'
  static override args = {
    what: Args.string({
      description: 'A queue id, INSTANCE/ID, a Message-ID, or the address of a sender or recipient.',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    newest: Flags.integer({min: 1, default: 10, helpValue: 'N', description: 'No more than so many messages.'}),
    log: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FILE',
      description: 'Read this file, or "journal", in place of the logs of the instances.',
    }),
  }
  static override examples = [
    '<%= config.bin %> trace postfix-in/4ABC1234',
    '<%= config.bin %> trace user@example.com --newest 3',
    "<%= config.bin %> trace '<4711@example.com>' --log /var/log/mail.log",
  ]

  async run(): Promise<{messages: TrackJson[]; refused: RefusedJson[]}> {
    const {args, flags} = await this.parse(Trace)
    const {list, instances, damaged, primary} = this.choose([{by: 'all'}])
    this.remarkDamaged(damaged)
    const {search, isMeant, instance} = toSearch(args.what, list)
    const found = findMailLog(instances, primary, (text) => this.remark(text))
    const log = flags.log === undefined ? found : readInstead(found, flags.log)
    // Every hop of a message may match.
    const {lines, refused, more} = await gatherLines(log, {...search, newest: flags.newest * 8})
    const all = joinTracks(lines, isMeant).filter(({hops}) => {
      return (
        instance === undefined || hops.some((each) => each.instance === instance && each.queue_id === search.queue_id)
      )
    })
    const messages = all.slice(-flags.newest)
    const turnedAway = refused.slice(-flags.newest).map(toRefusedJson)
    if (messages.length + turnedAway.length === 0) {
      throw new Refusal(`Nothing about ${args.what} in ${[...log.keys()].join(', ') || 'any log'}`, {
        suggestions: [typed(['postmulti', 'trace', args.what, '--log', '/var/log/mail.log.1'])],
        mistake: true,
      })
    }
    if (more || all.length > messages.length || refused.length > turnedAway.length) {
      this.remark(`there is more: these are the newest; --newest ${flags.newest * 10} shows more of it`)
    }
    const paper = readPaper()
    const parts = [...messages.map((each) => describeTrack(each, paper)), ...turnedAway.map(describeRefused)]
    this.log(parts.join('\n\n'))
    return {messages: messages.map(toTrackJson), refused: turnedAway}
  }
}

interface Sought {
  search: {queue_id: string} | {pattern: RegExp; queue_id?: never}
  isMeant(line: LogLine): boolean
  /** The label of the instance that has the queue id; undefined for any. */
  instance?: string
}

function toSearch(what: string, list: InstanceList): Sought {
  const slash = what.lastIndexOf('/')
  if (!/[@<]/.test(what)) {
    const queue_id = what.slice(slash + 1)
    const isMeant = (line: LogLine): boolean => line.queue_id === queue_id
    if (slash <= 0) return {search: {queue_id}, isMeant}
    return {search: {queue_id}, isMeant, instance: label(chooseHolder(what, list))}
  }
  const literal = what.replace(/^<|>$/g, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = (each: string): string => `(?:from|to|message-id)=<${each}>`
  const one = new RegExp(pattern(literal), 'i')
  return {search: {pattern: new RegExp(pattern(toLatin1(literal)), 'gi')}, isMeant: ({text}) => one.test(text)}
}
