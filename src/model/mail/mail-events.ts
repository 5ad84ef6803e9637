/**
 * What a line of the mail log counts as, for rates. Nothing else of a line is kept: its addresses and answers are
 * written by strangers. Source: the message formats of cleanup(8), qmgr(8), smtp(8), smtpd(8) and postscreen(8).
 */

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
  const [, when = '', name = '', program = '', text = ''] =
    /^(\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ ([^\s[]+)\/([^\s[/]+)\[\d+\]: \w+: (.*)$/.exec(line) ?? []
  const kind = toKind(program, text)
  return kind === undefined ? undefined : {when, name, kind}
}

function toKind(program: string, text: string): EventKind | undefined {
  if (program === 'cleanup' && text.startsWith('message-id=')) return 'in'
  if (/^(?:milter-)?reject: /.test(text)) return 'rejected'
  const status = /^to=<.*?, dsn=[\d.]+, status=(sent|deferred|bounced) /.exec(text)?.[1]
  if (status !== undefined) return status as EventKind
  return program === 'qmgr' && /^from=<.*?, status=(?:force-)?expired, /.test(text) ? 'bounced' : undefined
}
