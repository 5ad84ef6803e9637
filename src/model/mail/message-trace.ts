/**
 * One message on its way through the instances of a host, put together from lines of the log. Instances are joined by
 * what they tell each other (the answer "queued as ID", XFORWARD's orig_queue_id), by bounces, and by the Message-ID
 * where one hands over while the other gets it. What other hosts say joins nothing.
 */
import {type LogLine, linksIn} from './mail-log.ts'

export interface Delivery {
  time: Date
  to: string
  /** Before aliases; null when it is the same. */
  orig_to: string | null
  relay: string
  /** In seconds, since the message came to this instance. */
  delay: number
  /** Who logged it: smtp, local, discard. */
  program: string
  /** Before the queue, in the queue, for the connection, for the transmission: in seconds. */
  delays: number[]
  status: string
  /** What the other side said, or why it was not asked. */
  reply: string
}

/** A message in one instance. */
export interface Hop {
  instance: string
  queue_id: string
  began: Date
  /** When it left the queue; null while it is there. */
  ended: Date | null
  /** In seconds: of its last delivery, which is more exact than the log's own time; else from first to last line. */
  took: number
  /** A client, or the number of a local user; null for what Postfix makes itself. */
  source: string | null
  /** Null where the log does not tell. */
  sender: string | null
  size: number | null
  message_id: string | null
  /** INSTANCE/ID of the message that this is a notification about; null for any other. */
  about: string | null
  deliveries: Delivery[]
  /** Whatever else was said of it. */
  remarks: string[]
}

/** Refused and discarded is also what cleanup(8) took and did not queue. */
export type Fate = 'delivered' | 'bounced' | 'refused' | 'discarded' | 'deleted' | 'waiting'

export interface MessageTrace {
  message_id: string | null
  fate: Fate
  began: Date
  /** In seconds, from the first hop to the end of the last one. */
  took: number
  hops: Hop[]
  /** INSTANCE/ID of messages that have a Message-ID of its hops, and nothing else to do with it: the sender chooses it. */
  perhaps: string[]
}

/** What all lines about one queue id in one instance say, from the first one to 'removed'. */
interface Stay {
  instance: string
  queue_id: string
  message_id: string | undefined
  lines: [LogLine, ...LogLine[]]
}

/**
 * In the order of their beginnings. `lines` in the order of the log; `isMeant` tells what was asked for; `here` are the
 * addresses of this host.
 */
export function joinTraces(
  lines: readonly LogLine[],
  isMeant: (line: LogLine) => boolean,
  here: ReadonlySet<string>,
): MessageTrace[] {
  const stays = adoptStrays(splitStays(lines))
  const neighbours = findNeighbours(stays, here)
  const seen = new Set<Stay>()
  const traces: MessageTrace[] = []
  for (const each of stays) {
    if (seen.has(each) || !each.lines.some(isMeant)) continue
    const way = [each]
    seen.add(each)
    for (const stay of way) {
      for (const next of neighbours.get(stay) ?? []) {
        if (seen.has(next)) continue
        seen.add(next)
        way.push(next)
      }
    }
    const onWay = new Set(way)
    const ordered = stays.filter((stay) => onWay.has(stay))
    const hops = ordered.map((stay) => toHop(stay, ordered))
    traces.push({...toMessageTrace(hops), perhaps: findTwins(ordered, stays)})
  }
  return traces
}

/**
 * Queue ids are used again once a message is removed. One that smtpd(8) turns away at its end is still read by
 * cleanup(8), which from 3.10 on also says when it drops what was never queued.
 */
function splitStays(lines: readonly LogLine[]): Stay[] {
  const stays: Stay[] = []
  const open = new Map<string, Stay>()
  for (const line of lines) {
    const key = `${line.instance} ${line.name} ${line.queue_id}`
    let stay = open.get(key)
    if (stay === undefined || (isOver(stay) && !isAftermath(line, stay))) {
      stay = {instance: line.instance, queue_id: line.queue_id, message_id: undefined, lines: [line]}
      stays.push(stay)
      open.set(key, stay)
    } else stay.lines.push(line)
    stay.message_id ??= linksIn(line.text).messageId
  }
  return stays
}

/** What cleanup(8) says of a message that was turned away before. */
function isAftermath({program, text, time}: LogLine, stay: Stay): boolean {
  if (program !== 'cleanup' || stay.lines.some((each) => isRemoval(each.text))) return false
  return isRemoval(text) || (text.startsWith('message-id=') && time.getTime() <= endOf(stay) + tolerance)
}

/**
 * Where master.cf gives a service a syslog_name of its own (the usual "relay" and "submission" have one), its lines do
 * not say which instance they belong to: it is the one that has the message.
 */
function adoptStrays(stays: readonly Stay[]): Stay[] {
  const homes = stays.filter(isAtHome)
  const remaining = stays.filter((each) => {
    if (isAtHome(each)) return true
    const time = startOf(each)
    const home = homes.findLast(
      (one) => one.queue_id === each.queue_id && startOf(one) <= time + tolerance && endOf(one) >= time,
    )
    if (home === undefined) return true
    // Within one second the end is the last.
    home.lines.push(...each.lines)
    home.lines.sort(
      (one, other) => one.time.getTime() - other.time.getTime() || Number(isEnd(one)) - Number(isEnd(other)),
    )
    return false
  })
  return remaining.sort((one, other) => startOf(one) - startOf(other))
}

function isAtHome({lines}: Stay): boolean {
  return lines.some(({program}) => program === 'qmgr' || program === 'cleanup')
}

/** Seconds are all that the usual log tells. */
const tolerance = 2000

function findNeighbours(stays: readonly Stay[], here: ReadonlySet<string>): Map<Stay, Set<Stay>> {
  const neighbours = new Map<Stay, Set<Stay>>(stays.map((each) => [each, new Set()]))
  const byId = Map.groupBy(stays, ({queue_id}) => queue_id)
  const byMessageId = Map.groupBy(stays, ({message_id}) => message_id)
  for (const stay of stays) {
    const others = (id: string): Stay[] => (byId.get(id) ?? []).filter((each) => each !== stay)
    const alike = stay.message_id === undefined ? [] : (byMessageId.get(stay.message_id) ?? [])
    const twins = alike.filter((each) => each !== stay)
    for (const line of stay.lines) {
      const {earlier, notice} = linksIn(line.text)
      const time = line.time.getTime()
      // XFORWARD is taken from a trusted client alone.
      if (earlier !== undefined)
        join(
          stay,
          others(earlier).filter((each) => isThereAt(each, time)),
        )
      if (notice !== undefined && line.program === 'bounce') {
        join(
          stay,
          others(notice).filter((each) => each.instance === stay.instance && beginsWithin(each, time, time)),
        )
      }
      const handover = handoverOf(line, here)
      if (handover === undefined) continue
      const {next, from, to} = handover
      const meanwhile = (each: Stay): boolean => beginsWithin(each, from, to)
      if (next !== undefined) join(stay, others(next).filter(meanwhile))
      join(
        stay,
        twins.filter((each) => meanwhile(each) && isFromHere(each, here)),
      )
    }
  }
  return neighbours

  /** Two instances may use one queue id at the same time. */
  function join(one: Stay, others: readonly Stay[]): void {
    const other = others.findLast((each) => each.message_id === one.message_id) ?? others.at(-1)
    if (other === undefined) return
    neighbours.get(one)?.add(other)
    neighbours.get(other)?.add(one)
  }
}

interface Handover {
  /** The id that the answer tells. */
  next: string | undefined
  /** In milliseconds: the other side got it in this time. */
  from: number
  to: number
}

/** Undefined for any line but that of a delivery to this host. */
function handoverOf(line: LogLine, here: ReadonlySet<string>): Handover | undefined {
  const [delivery] = toDelivery(line)
  if (delivery?.status !== 'sent' || !isLocal(delivery.relay, here)) return undefined
  const {time, delay, delays, reply} = delivery
  const [, , connection = delay, transmission = 0] = delays
  const to = time.getTime()
  return {next: linksIn(reply).next, from: to - (connection + transmission) * 1000, to}
}

/** A transport like local(8) or pipe(8), a UNIX-domain socket, or an address of this host. */
function isLocal(relay: string, here: ReadonlySet<string>): boolean {
  const place = /\[(.*)\](?::\d+)?$/.exec(relay)?.[1]
  return place === undefined || place.startsWith('/') || place.startsWith('private/') || isHere(place, here)
}

function isHere(address: string, here: ReadonlySet<string>): boolean {
  return /^127\.|^(?:IPv6:)?::1$/.test(address) || here.has(address.replace(/^IPv6:/, ''))
}

/** From a program of this host, or from Postfix itself. */
function isFromHere({lines}: Stay, here: ReadonlySet<string>): boolean {
  const clients = lines.flatMap(({text}) => /^client=[^[,\s]*\[([^\]]*)\]/.exec(text)?.[1] ?? [])
  return clients.every((each) => isHere(each, here))
}

function beginsWithin(stay: Stay, from: number, to: number): boolean {
  return startOf(stay) >= from - tolerance && startOf(stay) <= to + tolerance
}

function isThereAt(stay: Stay, time: number): boolean {
  return startOf(stay) <= time + tolerance && endOf(stay) >= time - tolerance
}

/** Those outside of the way. */
function findTwins(way: readonly Stay[], stays: readonly Stay[]): string[] {
  const messageIds = new Set(way.flatMap(({message_id}) => message_id ?? []))
  const twins = stays.filter((each) => messageIds.has(each.message_id ?? '') && !way.includes(each))
  return [...new Set(twins.map(({instance, queue_id}) => `${instance}/${queue_id}`))]
}

function toHop({instance, queue_id, lines}: Stay, way: readonly Stay[]): Hop {
  const began = lines[0].time
  const last = lastOf(lines)
  const find = (pattern: RegExp): string | null => {
    for (const {text} of lines) {
      const found = pattern.exec(text)?.[1]
      if (found !== undefined) return found
    }
    return null
  }
  const deliveries = lines.flatMap(toDelivery)
  const isAborted = lines[0].text.startsWith('client=') && lines.every(({text}) => isWithoutContent(text))
  const size = find(/^from=<.*>, size=(\d+)/)
  return {
    instance,
    queue_id,
    began,
    ended: isOver({lines}) || isAborted ? last.time : null,
    took: deliveries.at(-1)?.delay ?? (last.time.getTime() - began.getTime()) / 1000,
    source: find(/^client=([^,\s]+)/) ?? find(/^(uid=\d+) /),
    sender: find(/^from=<(.*?)>, size=/) ?? find(/^uid=\d+ from=<(.*)>$/),
    size: size === null ? null : Number(size),
    message_id: find(/^message-id=(<.+>)$/),
    about: findSubject(instance, queue_id, way),
    deliveries,
    remarks: isAborted ? ['the client gave up before the end of the message'] : remarksOf(lines),
  }
}

/** Of a message without content. */
function isWithoutContent(text: string): boolean {
  return text.startsWith('client=') || text === 'removed (canceled)'
}

/** How a message was dropped is told where nothing else tells why. */
function remarksOf(lines: readonly LogLine[]): string[] {
  const remarks = lines.map(({text}) => text).filter((text) => !isExpected(text))
  const reasons = remarks.filter((each) => !isRemoval(each))
  return reasons.length > 0 ? reasons : remarks
}

/** Bounces are sent by the instance that has the message. */
function findSubject(instance: string, queue_id: string, way: readonly Stay[]): string | null {
  const isAbout = ({text}: LogLine): boolean => /notification: (\w+)$/.exec(text)?.[1] === queue_id
  const subject = way.find((each) => each.instance === instance && each.lines.some(isAbout))
  return subject === undefined ? null : `${instance}/${subject.queue_id}`
}

/** Part by part: a single pattern takes the square of the length, or worse, for a line that somebody has made for it. */
function toDelivery({time, text, program}: LogLine): Delivery[] {
  const [, to = '', afterTo = ''] = /^to=<(.*?)>, (?=orig_to=<|relay=)(.*)$/.exec(text) ?? []
  const [, orig_to = null, afterOriginal = afterTo] = /^orig_to=<(.*?)>, (?=relay=)(.*)$/.exec(afterTo) ?? []
  const [, relay = '', afterRelay = ''] = /^relay=(.*?), (?=conn_use=|delay=)(.*)$/.exec(afterOriginal) ?? []
  const [, delay, delays = '', afterDelays = ''] =
    /^(?:conn_use=\d+, )?delay=([\d.]+), (?:delays=([\d./]+), )?(.*)$/.exec(afterRelay) ?? []
  const [, status, reply = ''] = /^(?:\w+=[^\s,]*, )*?status=(\w+) \((.*)\)$/.exec(afterDelays) ?? []
  if (status === undefined) return []
  const parts = delays === '' ? [] : delays.split('/').map(Number)
  return [{time, to, orig_to, relay, program, delay: Number(delay), delays: parts, status, reply}]
}

/** The hops say it in their own way. */
function isExpected(text: string): boolean {
  return /^(?:client=|uid=\d+ from=|message-id=|from=<.*>, size=|to=<.*status=|removed$)/.test(text)
}

function toMessageTrace(hops: Hop[]): Omit<MessageTrace, 'perhaps'> {
  const began = Math.min(...hops.map((each) => each.began.getTime()))
  const ended = Math.max(...hops.map((each) => each.began.getTime() + each.took * 1000))
  return {
    message_id: hops[0]?.message_id ?? null,
    fate: toFate(hops),
    began: new Date(began),
    took: Math.round((ended - began) / 10) / 100,
    hops,
  }
}

function toFate(hops: readonly Hop[]): Fate {
  if (hops.some(({ended}) => ended === null)) return 'waiting'
  const all = hops.flatMap(({deliveries}) => deliveries)
  const remarks = hops.flatMap((each) => each.remarks)
  if (all.some(({status}) => status === 'bounced' || status === 'expired') || remarks.some(isExpiry)) return 'bounced'
  // Of each recipient the last one counts.
  const last = hops.flatMap(({deliveries}) => [...new Map(deliveries.map((each) => [each.to, each])).values()])
  if (last.some(({status}) => status === 'deferred')) return 'deleted'
  if (last.length > 0) {
    const known = new Set(hops.map(({queue_id}) => queue_id))
    const out = last.filter(({reply}) => !known.has(linksIn(reply).next ?? ''))
    return out.length > 0 && out.every(({program}) => program === 'discard') ? 'discarded' : 'delivered'
  }
  if (remarks.some((each) => /^(?:(?:milter-)?discard: |removed \(discarded\)$)/.test(each))) return 'discarded'
  return remarks.some((each) => /^(?:milter-)?reject: /.test(each)) ? 'refused' : 'deleted'
}

function isExpiry(text: string): boolean {
  return /, status=(?:force-)?expired, /.test(text)
}

/** What cleanup(8) turns away is never queued, nor is what smtpd(8) does once all recipients are known. */
function isEnd({text, program}: LogLine): boolean {
  if (isRemoval(text)) return true
  const [, stage] = /^(?:milter-)?(?:discard|reject): (\S+)/.exec(text) ?? []
  return stage !== undefined && (program === 'cleanup' || ['DATA', 'BDAT', 'END-OF-MESSAGE'].includes(stage))
}

/** From 3.10 on cleanup(8) says '(canceled)' or '(discarded)' behind it. */
function isRemoval(text: string): boolean {
  return /^removed(?: \(.*\))?$/.test(text)
}

function isOver({lines}: Pick<Stay, 'lines'>): boolean {
  return lines.some(isEnd)
}

function startOf({lines}: Stay): number {
  return lines[0].time.getTime()
}

/** Of one that is still there, never. */
function endOf({lines}: Stay): number {
  return isOver({lines}) ? lastOf(lines).time.getTime() : Number.POSITIVE_INFINITY
}

function lastOf([first, ...others]: Stay['lines']): LogLine {
  return others.at(-1) ?? first
}
