/** The flow of mail on a terminal: each instance with the ways in and the ways out. */
import type {Edge, Flow, Node} from '../flow/graph.ts'
import type {Remark} from '../flow/troubles.ts'
import {describeListener} from '../model/listeners.ts'
import {describeMail, describeWay, nameOf, printed} from './flow-words.ts'
import type {Paper, Style} from './table.ts'

export function toFlowText({nodes, edges}: Flow, remarks: readonly Remark[], {paint}: Paper): string {
  const named = new Map(nodes.map((each) => [each.id, each]))
  const leaving = groupBy(edges, ({from}) => from)
  const arriving = groupBy(edges, ({to}) => to)
  const blocks = nodes.flatMap((each) => {
    if (each.kind === 'instance') return [toBlock(each)]
    const onward = (leaving.get(each.id) ?? []).filter(({assumed}) => assumed !== null)
    return each.kind === 'source' || onward.length === 0 ? [] : [[paint('bold', nameOf(each)), ...waysOut(onward)]]
  })
  const wrong = remarks.map(({kind, message}) =>
    paint(kind === 'loop' ? 'red' : 'yellow', `${kind}: ${printed(message)}`),
  )
  return [...blocks, ...(wrong.length === 0 ? [] : [wrong])].map((lines) => lines.join('\n')).join('\n\n')

  function toBlock(node: Node & {kind: 'instance'}): string[] {
    const {instance, myhostname, id} = node
    const group = instance.multi_instance_group === '' ? '' : `  group ${instance.multi_instance_group}`
    const off = instance.multi_instance_enable ? '' : paint('yellow', '  disabled')
    return [
      `${paint('bold', nameOf(node))}  ${printed(myhostname)}${printed(group)}${off}`,
      ...waysIn(node),
      ...waysOut(leaving.get(id) ?? []),
    ]
  }

  function waysIn({id, listeners}: Node & {kind: 'instance'}): string[] {
    const ways = arriving.get(id) ?? []
    const places = [...new Set(listeners.map(({service}) => service))].map((service) => {
      const ofService = listeners.filter((each) => each.service === service)
      const place = ofService.map(describeListener).join(', ')
      const senders = ways.filter(({into}) => into === service).map(sender)
      const by = ofService.some(({enabled}) => enabled)
        ? senders.join(', ')
        : paint('yellow', 'switched off by master_service_disable')
      return {place: `${place} (${ofService[0]!.command})`, by}
    })
    const submitted = ways
      .filter(({into}) => into === 'pickup/unix')
      .map((each) => ({place: 'sendmail', by: describeMail(each)}))
    return toLines(
      '<-',
      [...submitted, ...places].map(({place, by}) => [printed(place), by]),
    )
  }

  function sender({from, assumed}: Edge): string {
    return `from ${printed(named.get(from)?.label ?? from)}${assumed === null ? '' : paint('yellow', ' (a guess)')}`
  }

  function waysOut(ways: readonly Edge[]): string[] {
    const rows = ways.map((each): [string, string] => {
      const node = named.get(each.to)!
      const place =
        node.kind === 'instance' && each.into !== null ? `${nameOf(node)} ${placeOf(node, each.into)}` : nameOf(node)
      const by = each.by.length === 0 ? '' : paint('dim', ` [${each.by.join(', ')}]`)
      const guess = each.assumed === null ? '' : paint('yellow', `a guess: ${printed(each.assumed)}`)
      return [place, `${printed(describeWay(each))}${by}${guess}${mark(each, node)}`]
    })
    return toLines('->', rows)
  }

  function mark({trouble}: Edge, {kind}: Node): string {
    if (trouble !== null) return `  ${paint('red', `! ${printed(trouble.message)}`)}`
    return kind === 'dead end' ? `  ${paint('yellow' satisfies Style, 'dead end')}` : ''
  }
}

function placeOf({listeners}: Node & {kind: 'instance'}, service: string): string {
  const found = listeners.find((each) => each.service === service)
  return found === undefined ? service : describeListener(found)
}

/** The second column begins where the longest place ends, unless that is very long. */
function toLines(arrow: string, rows: readonly [place: string, rest: string][]): string[] {
  const width = Math.min(longest, Math.max(0, ...rows.map(([place]) => place.length)))
  return rows.map(([place, rest]) => `    ${arrow} ${rest === '' ? place : `${place.padEnd(width)}  ${rest}`}`)
}

const longest = 40

export function groupBy<Each>(all: readonly Each[], keyOf: (each: Each) => string): Map<string, Each[]> {
  const groups = new Map<string, Each[]>()
  for (const each of all) {
    const group = groups.get(keyOf(each))
    if (group === undefined) groups.set(keyOf(each), [each])
    else group.push(each)
  }
  return groups
}
