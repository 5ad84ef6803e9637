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

/** What each line begins with, in whatever form its writer has given it. */
interface LogHead {
  /** As it is written there. */
  when: string
  /** Who has written it: a syslog_name, a slash and the program, where it is Postfix. */
  tag: string
  /** What is behind it. */
  text: string
}

/** Of syslog and `journalctl -o short-precise`; of `-o short-full`; ISO 8601, with or without T, fraction and zone. */
const date = [
  String.raw`\w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?`,
  String.raw`[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:[A-Z]{1,5}|[+-]\d{2,4})(?= )`,
  String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d(?::?\d\d)?)?`,
].join('|')
/** `docker compose logs` puts the container first; a priority as syslog(3) sends it may be left, with the version of RFC 5424. */
const beforeDate = String.raw`(?:[\w.-]+ +\| +)?(?:<\d{1,3}>(?:1 )?)?`
/**
 * Of FreeBSD's `syslogd -vv`; the host, or a level in its place; of busybox. No part can be a tag, or end as one does:
 * what strangers write is behind the tag.
 */
const beforeTag = String.raw`(?:<\w+\.\w+> )?(?:\[?[^\s[]*[^\s[:] )?(?:[a-z]+[0-7]?\.[a-z]+ )?`
const dated = new RegExp(`^${beforeDate}(${date}) `)
/** What nearly every line is, of syslog and rsyslog; the others tell no other parts of it, and take twice as long. */
const plainest =
  /^(\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) [^\s[:]+ ([^\s[]+)\[\d+\]: (?!\[ID )(.*)$/
/** Solaris has an id of the message behind the tag. */
const usual = new RegExp(
  String.raw`^${beforeDate}(${date}) ${beforeTag}([^\s[]+)\[\d+\]: (?:\[ID \d+ [a-z]+[0-7]?\.[a-z]+\] )?(.*)$`,
)
/** The host, the tag, the process, the id of the message, what is structured; rsyslog writes another blank. */
const structured = new RegExp(
  String.raw`^${beforeDate}(${date}) \S+ ([^\s[]+) \d+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) +(?:\uFEFF|\xEF\xBB\xBF)?(.*)$`,
)

/** Undefined for a line in no form that is known. Source: RFC 3164, RFC 5424, journalctl(1), postlogd(8). */
export function parseHead(line: string): LogHead | undefined {
  const [, when, tag, text] =
    plainest.exec(line) ??
    usual.exec(line) ??
    (/^[^<]{0,80}<\d{1,3}>1 /.test(line) ? structured.exec(line) : undefined) ??
    []
  return when === undefined || tag === undefined || text === undefined ? undefined : {when, tag, text}
}

/** What parseLogTime() reads, of a line of any program; undefined where it begins with no date. */
export function whenOf(line: string): string | undefined {
  return dated.exec(line)?.[1]
}

/** Undefined for a line about no message. */
export function parseLogLine(line: string, now: Date, toLabel: (name: string) => string): LogLine | undefined {
  const {when = '', tag = '', text: behind = ''} = parseHead(line) ?? {}
  const [, queue_id, text = ''] = /^(\w+): (.*)$/.exec(behind) ?? []
  const slash = tag.lastIndexOf('/')
  if (slash < 0 || queue_id === undefined) return undefined
  const time = parseLogTime(when, now)
  if (Number.isNaN(time.getTime())) return undefined
  const name = tag.slice(0, slash)
  return {time, instance: toLabel(name), name, program: tag.slice(slash + 1), queue_id, text}
}

/** The syslog_name of who has written a line, or more than that; undefined where it is not a line of Postfix's. */
export function writerOf(line: string): string | undefined {
  const tag = parseHead(line)?.tag ?? ''
  const slash = tag.lastIndexOf('/')
  return slash <= 0 || slash === tag.length - 1 ? undefined : tag.slice(0, slash)
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

/**
 * Syslog's has no year: it is the last one in which `now` is not before it. Where no zone is written, or one by its name
 * that is not UTC, the time is that of this host.
 */
export function parseLogTime(text: string, now: Date): Date {
  const [, month, day, hours, minutes, seconds, fraction = '0'] =
    /^(\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(text) ?? []
  if (month === undefined) return parseIsoTime(text)
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
  const inYear = (year: number): Date =>
    new Date(year, months.indexOf(month), Number(day), Number(hours), Number(minutes), Number(seconds), milliseconds)
  const time = inYear(now.getFullYear())
  const aDay = 86_400_000
  return time.getTime() > now.getTime() + aDay ? inYear(now.getFullYear() - 1) : time
}

function parseIsoTime(text: string): Date {
  const [, day, time, fraction = '', zone = ''] =
    /^(?:\w{3} )?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))? ?(\S*)$/.exec(text) ?? []
  // The journal writes no colon into the zone; some write only hours.
  const offset = /^[+-]\d\d/.test(zone)
    ? `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
    : /^(?:Z|UTC|GMT)$/.test(zone)
      ? 'Z'
      : ''
  return new Date(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`)
}
