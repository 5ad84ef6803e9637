import {resolve} from 'node:path'
import {Args, Flags} from '@oclif/core'
import {Refusal} from '../model/base/errors.ts'
import {operands, suggest} from '../model/base/suggestion.ts'
import {toLatin1} from '../model/base/text.ts'
import {typed} from '../model/base/typed.ts'
import {type InstanceList, label} from '../model/instance/instance.ts'
import type {LogLine} from '../model/mail/mail-log.ts'
import {joinTraces, type MessageTrace} from '../model/mail/message-trace.ts'
import {chooseHolder} from '../model/mail/queue-action.ts'
import {OwnHost} from '../postfix/reader/run-time.ts'
import {
  findMailLog,
  findSimilarIds,
  findUnknownForms,
  type Gathered,
  gatherLines,
  journal,
  type MailLog,
  onlyFiles,
  readInstead,
  withOlderFiles,
} from '../postfix/watch/mail-log.ts'
import {
  describeMessageTrace,
  describeRefused,
  type MessageTraceJson,
  type RefusedJson,
  toMessageTraceJson,
  toRefusedJson,
} from '../report/message-trace.ts'
import {plural} from '../report/terminal/plural.ts'
import {readTerminal} from '../report/terminal/terminal.ts'
import {exitStatus, PostmultiCommand} from './shared/base.ts'
import {chooseInstances, remarkDamaged} from './shared/reading.ts'

/** `postmulti trace WHAT`: where a message came from, where it went, and how long each part of the way took. */
export default class Trace extends PostmultiCommand {
  static override summary = 'Follow a message through all instances in the log, with the time that each of them took.'
  static override description =
    'Reads the maillog_file of each instance, or the mail log or journal of the system; older files of it, compressed or not, when that does not have it, or not its beginning.'
  static override args = {
    what: Args.string({
      description: 'A queue id, INSTANCE/ID, a Message-ID, or the address of a sender or recipient.',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    newest: Flags.integer({min: 1, default: 10, helpValue: 'N', description: 'At most so many messages.'}),
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

  async run(): Promise<{messages: MessageTraceJson[]; refused: RefusedJson[]}> {
    const {args, flags} = await this.parse(Trace)
    const {list, instances, damaged, primary} = chooseInstances(this, [{by: 'all'}])
    remarkDamaged(this, damaged)
    const sought = toSearch(args.what, list)
    const found = findMailLog(instances, primary, (text) => this.remark(text))
    const log =
      flags.log === undefined
        ? onlyFiles(found, (text) => this.#remarkUnread(text))
        : readInstead(
            found,
            flags.log.map((each) => (each === journal ? each : resolve(each))),
          )
    if (log.size === 0) throw new Refusal('There is no mail log that can be read: name one with --log FILE')
    const look = (where: MailLog) => lookFor(sought, where, flags.newest)
    let answer = await look(log)
    const all = flags.log === undefined ? withOlderFiles(log) : log
    const older = all.size - log.size
    if (older > 0 && !isWhole(answer)) {
      this.remark(`read ${plural(older, 'older file')} of the log, too`)
      answer = await look(all)
    }
    const {messages, refused, more, elsewhere} = answer
    for (const [file, reason] of answer.unread) this.#remarkUnread(`skipping ${file}: ${reason}`)
    if (messages.length + refused.length === 0) {
      const {queue_id} = sought.search
      const similar =
        elsewhere.length > 0 || queue_id === undefined ? elsewhere : await findSimilarIds(all, queue_id, 3)
      const where = [...log.keys(), ...(older > 0 ? [plural(older, 'older file')] : [])].join(', ') || 'any log'
      const readable = new Map([...log].filter(([each]) => !answer.unread.has(each)))
      throw nothingAbout(args.what, where, similar, await findUnknownForms(readable))
    }
    if (more) this.remark(`there is more: these are the newest; --newest ${flags.newest * 10} shows more of it`)
    const terminal = readTerminal()
    const turnedAway = refused.map(toRefusedJson)
    const parts = [...messages.map((each) => describeMessageTrace(each, terminal)), ...turnedAway.map(describeRefused)]
    this.log(parts.join('\n\n'))
    return {messages: messages.map(toMessageTraceJson), refused: turnedAway}
  }

  #remarkUnread(text: string): void {
    this.remark(text)
    this.status ||= exitStatus.partly
  }
}

interface Answered extends Pick<Gathered, 'refused' | 'more' | 'unread'> {
  messages: MessageTrace[]
  /** INSTANCE/ID of the queue id in other instances. */
  elsewhere: string[]
}

async function lookFor({search, isMeant, instance}: Sought, log: MailLog, newest: number): Promise<Answered> {
  // Every hop of a message may match.
  const {lines, refused, more, unread} = await gatherLines(log, {...search, newest: newest * 8})
  const found = joinTraces(lines, isMeant, new Set(new OwnHost().addresses))
  const ids = found.flatMap(({hops}) => hops.filter(({queue_id}) => queue_id === search.queue_id))
  const all = found.filter(
    ({hops}) => instance === undefined || hops.some((each) => ids.includes(each) && each.instance === instance),
  )
  return {
    messages: all.slice(-newest),
    refused: refused.slice(-newest),
    more: more || all.length > newest || refused.length > newest,
    unread,
    elsewhere: [...new Set(ids.map((each) => `${each.instance}/${each.queue_id}`))],
  }
}

/** Whether it has begun in what was read, as far as that can be told. */
function isWhole({messages, refused}: Answered): boolean {
  if (messages.length + refused.length === 0) return false
  return messages.every(({hops}) => hops.every(({source, message_id}) => source !== null || message_id !== null))
}

interface Sought {
  search: {queue_id: string} | {pattern: RegExp; queue_id?: never}
  isMeant(line: LogLine): boolean
  /** The label of the instance that has the queue id; undefined for any. */
  instance?: string
}

/** `similar`: what may have been meant. `reasons`: why some of the files cannot tell. */
function nothingAbout(what: string, where: string, similar: readonly string[], reasons: readonly string[]): Refusal {
  const suggestions = similar.map((each) => suggest`postmulti trace ${operands(each)}`)
  return new Refusal([`Nothing about ${what} in ${where}`, ...reasons].join(': '), {suggestions, kind: 'not found'})
}

function toSearch(what: string, list: InstanceList): Sought {
  const slash = what.lastIndexOf('/')
  if (!/[@<]/.test(what)) {
    const queue_id = what.slice(slash + 1)
    if (queue_id === '') {
      const suggestions = [suggest`postmulti queue list`]
      throw new Refusal(`${typed([what])} names no message`, {suggestions, kind: 'usage'})
    }
    const isMeant = (line: LogLine): boolean => line.queue_id === queue_id
    if (slash <= 0) return {search: {queue_id}, isMeant}
    return {search: {queue_id}, isMeant, instance: label(chooseHolder(what, list))}
  }
  const literal = what.replace(/^<|>$/g, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = (each: string): string => `(?:from|to|message-id)=<${each}>`
  const one = new RegExp(pattern(literal), 'i')
  return {search: {pattern: new RegExp(pattern(toLatin1(literal)), 'gi')}, isMeant: ({text}) => one.test(text)}
}
