/** The flow of mail on a terminal: each instance, or those that look alike, with the ways in and the ways out. */

import type {Bundle, Picture, Spot} from '../../flow/alike.ts'
import type {Remark} from '../../flow/troubles.ts'
import {withoutControls} from '../../model/base/controls.ts'
import type {Style, Terminal} from '../terminal/table.ts'
import {columnsOf, pad} from '../terminal/width.ts'
import {describeGuess, describeMail, describeTrouble, describeWay, doorsOf, nameOfSpot} from './flow-words.ts'

/** `remarks` beyond `mostRemarks` of a kind are counted. */
export function toFlowText(
  {spots, bundles}: Picture,
  remarks: readonly Remark[],
  {paint}: Terminal,
  mostRemarks = Number.POSITIVE_INFINITY,
): string {
  const named = new Map(spots.map((each) => [each.id, each]))
  const leaving = Map.groupBy(bundles, ({from}) => from)
  const arriving = Map.groupBy(bundles, ({to}) => to)
  const blocks = spots.flatMap((each) => {
    const {kind} = each.nodes[0]
    if (kind === 'instance') return [toBlock(each)]
    const onward = (leaving.get(each.id) ?? []).filter(({assumed}) => assumed !== null)
    return kind === 'source' || onward.length === 0 ? [] : [[paint('bold', nameOfSpot(each)), ...waysOut(onward)]]
  })
  const wrong = [...Map.groupBy(remarks, ({kind}) => kind)].flatMap(([kind, all]) => {
    const style = kind === 'loop' ? 'red' : 'yellow'
    const told = all.slice(0, mostRemarks).map(({message}) => paint(style, `${kind}: ${withoutControls(message)}`))
    const left = all.length - told.length
    return [...told, ...(left === 0 ? [] : [paint(style, `${kind}: ${left} more like these`)])]
  })
  return [...blocks, ...(wrong.length === 0 ? [] : [wrong])].map((lines) => lines.join('\n')).join('\n\n')

  function toBlock(spot: Spot): string[] {
    const [first] = spot.nodes
    const facts = [hostnameOf(spot), groupPart(spot)]
      .filter((each) => each !== '')
      .map((each) => `  ${withoutControls(each)}`)
    const off = first.kind === 'instance' && !first.instance.multi_instance_enable ? paint('yellow', '  disabled') : ''
    return [
      `${paint('bold', nameOfSpot(spot))}${facts.join('')}${off}`,
      ...waysIn(spot),
      ...waysOut(leaving.get(spot.id) ?? []),
    ]
  }

  function waysIn(spot: Spot): string[] {
    const ways = arriving.get(spot.id) ?? []
    const doors = doorsOf(spot).map(({place, command, enabled, isEndOf}): [string, string] => {
      const senders = ways.filter(({edges}) => edges.some(isEndOf)).map(sender)
      const by = enabled ? [...new Set(senders)].join(', ') : paint('yellow', 'switched off by master_service_disable')
      return [`${place} (${command})`, by]
    })
    const submitted = ways
      .filter(({into}) => into === 'pickup/unix')
      .map((each): [string, string] => ['sendmail', withoutControls(describeMail(each).join(', '))])
    return alignRows('<-', [...submitted, ...doors])
  }

  function spotAt(id: string): Spot {
    return named.get(id)!
  }

  function sender({from, assumed}: Bundle): string {
    const spot = spotAt(from)
    const name = spot.nodes[0].kind === 'source' ? nameOfSpot(spot) : `from ${nameOfSpot(spot)}`
    return `${name}${assumed === null ? '' : paint('yellow', ' (a guess)')}`
  }

  function waysOut(ways: readonly Bundle[]): string[] {
    const rows = ways.map((each): [string, string] => {
      const spot = spotAt(each.to)
      const door = spot.nodes.length === 1 ? doorsOf(spot).find(({isEndOf}) => isEndOf(each)) : undefined
      const place = door === undefined ? nameOfSpot(spot) : `${nameOfSpot(spot)} ${door.place}`
      const by = each.by.length === 0 ? '' : paint('dim', ` [${each.by.join(', ')}]`)
      const why = describeGuess(each)
      const guess = why === null ? '' : paint('yellow', `a guess: ${withoutControls(why)}`)
      const says = [`${withoutControls(describeWay(each))}${by}`, guess].filter((part) => part !== '').join(', ')
      return [place, `${says}${mark(each, spot)}`]
    })
    return alignRows('->', rows)
  }

  function mark(bundle: Bundle, {nodes}: Spot): string {
    const trouble = describeTrouble(bundle)
    if (trouble !== null) return `  ${paint('red', `! ${withoutControls(trouble)}`)}`
    return nodes[0].kind === 'dead end' ? `  ${paint('yellow' satisfies Style, 'dead end')}` : ''
  }
}

/** Of several the one that they share, if so. */
function hostnameOf({nodes}: Spot): string {
  const [name = '', ...others] = new Set(nodes.map((each) => (each.kind === 'instance' ? each.myhostname : '')))
  return others.length === 0 ? name : ''
}

function groupPart({nodes}: Spot): string {
  const groups = new Set(nodes.map((each) => (each.kind === 'instance' ? each.instance.multi_instance_group : '')))
  const [first = ''] = groups
  if (groups.size > 1) return `${groups.size} groups`
  return first === '' ? '' : `group ${first}`
}

/** The second column begins where the longest place ends, unless that is very long. */
function alignRows(arrow: string, rows: readonly [place: string, rest: string][]): string[] {
  const width = Math.min(longestPlace, Math.max(0, ...rows.map(([place]) => columnsOf(place))))
  return rows.map(([place, rest]) => `    ${arrow} ${rest === '' ? place : `${pad(place, width)}  ${rest}`}`)
}

const longestPlace = 40
