/**
 * Lines of the mail log that are about a message, as Postfix 3 writes them to syslog, to the journal, and to its own
 * maillog_file. Source: postlogd(8); the message formats of smtpd(8), cleanup(8), qmgr(8), smtp(8) and bounce(8).
 */

export interface LogLine {
  time: Date
  /** Its label, as far as that can be told from the name. */
  instance: string
  /** As in the log, before the last slash: a syslog_name, or more than that. */
  name: string
  /** The program: smtpd, cleanup, qmgr. */
  program: string
  /** NOQUEUE where a message was refused before it had one. */
  queue_id: string
  text: string
}

/** Undefined for a line about no message. */
export function parseLogLine(line: string, now: Date, toLabel: (name: string) => string): LogLine | undefined {
  const [, when = '', tag = '', queue_id = '', text = ''] =
    /^(\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ ([^\s[]+)\[\d+\]: (\w+): (.*)$/.exec(line) ?? []
  const slash = tag.lastIndexOf('/')
  if (slash < 0) return undefined
  const name = tag.slice(0, slash)
  return {time: parseLogTime(when, now), instance: toLabel(name), name, program: tag.slice(slash + 1), queue_id, text}
}

/** The syslog_name of who has written a line, or more than that; undefined where it is not a line of Postfix's. */
export function writerOf(line: string): string | undefined {
  return /^(?:\w{3} [ \d]\d \S+|\S+) \S+ ([^\s[]+)\/[^\s[/]+\[\d+\]: /.exec(line)?.[1]
}

interface Links {
  /** Ids that the message has in another instance, had there before, or has as a notice that Postfix wrote of it. */
  next: string | undefined
  earlier: string | undefined
  notice: string | undefined
  messageId: string | undefined
}

/** What else to look for, once a line is known to matter; or by which a line matters. Strangers write some of it. */
export function linksIn(text: string): Links {
  return {
    next: /(?:queued|forwarded) as (\w+)\)*$/.exec(text)?.[1],
    earlier: /^client=.*\borig_queue_id=(\w+)/.exec(text)?.[1],
    notice: /^(?:sender|postmaster) .*notification: (\w+)$/.exec(text)?.[1],
    messageId: /^message-id=(<.+>)$/.exec(text)?.[1],
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The log has no year: it is the last one in which `now` is not before it. */
export function parseLogTime(text: string, now: Date): Date {
  const [, month, day, hours, minutes, seconds] = /^(\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d)$/.exec(text) ?? []
  // The journal writes no colon into the zone.
  if (month === undefined) return new Date(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  const inYear = (year: number): Date =>
    new Date(year, months.indexOf(month), Number(day), Number(hours), Number(minutes), Number(seconds))
  const time = inYear(now.getFullYear())
  const aDay = 86_400_000
  return time.getTime() > now.getTime() + aDay ? inYear(now.getFullYear() - 1) : time
}
