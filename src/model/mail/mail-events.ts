/**
 * What a line of the mail log counts as, for rates. Nothing else of a line is kept: its addresses and answers are
 * written by strangers. Source: the message formats of cleanup(8), qmgr(8), smtp(8), smtpd(8) and postscreen(8).
 */

import {parseHead} from './mail-log.ts'

/** `in`: cleanup(8) got a message, from any source. The others, except `rejected`, count recipients. */
export const eventKinds = ['in', 'sent', 'deferred', 'bounced', 'rejected'] as const

export type EventKind = (typeof eventKinds)[number]

interface LogEvent {
  /** As it is written there. */
  when: string
  /** As in the log, before the last slash: a syslog_name, or more than that. */
  name: string
  kind: EventKind
}

/** Undefined for a line that does not count. */
export function parseEvent(line: string): LogEvent | undefined {
  // Most lines have none of these words, and need no closer look.
  if (!/: (?:message-id=|(?:milter-)?reject: )|, status=/.test(line)) return undefined
  const head = parseHead(line)
  const slash = head?.tag.lastIndexOf('/') ?? -1
  if (head === undefined || slash <= 0) return undefined
  const {when, tag, text} = head
  const kind = toKind(tag.slice(slash + 1), /^\w+: (.*)$/.exec(text)?.[1] ?? '')
  return kind === undefined ? undefined : {when, name: tag.slice(0, slash), kind}
}

function toKind(program: string, text: string): EventKind | undefined {
  if (program === 'cleanup' && text.startsWith('message-id=')) return 'in'
  if (/^(?:milter-)?reject: /.test(text)) return 'rejected'
  const status = /^to=<.*?, dsn=[\d.]+, status=(sent|deferred|bounced) /.exec(text)?.[1]
  if (status !== undefined) return status as EventKind
  return program === 'qmgr' && /^from=<.*?, status=(?:force-)?expired, /.test(text) ? 'bounced' : undefined
}
