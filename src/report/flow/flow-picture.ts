/** The flow of mail as a drawing, in the languages of Graphviz and Mermaid. Guesses are dashed, what does not work is red. */

import type {Bundle, Picture, Spot} from '../../flow/alike.ts'
import type {Node} from '../../flow/graph.ts'
import {checkCompiled} from '../../model/base/compiled.ts'
import {withoutControls} from '../../model/base/controls.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {
  countSpot,
  describeGuess,
  describeMail,
  describeTrouble,
  doorsOf,
  isOneEach,
  namesOfSpot,
  rangeOf,
} from './flow-words.ts'

/** Source: https://graphviz.org/doc/info/lang.html. */
export function toDot({spots, bundles}: Picture): string {
  const names = diagramIds(spots)
  const line = (spot: Spot): string => {
    const label = spotLines(spot).map(inDot).join('\\n')
    const [{kind}] = spot.nodes
    const wrong = isWrong(spot) ? ', color="red"' : ''
    const several = spot.nodes.length === 1 ? '' : `, peripheries="2", tooltip="${inDot(namesOfSpot(spot).join(', '))}"`
    const room = `, width="${widthOf(spot)}"`
    return `${names.get(spot.id)} [label="${label}", ${looks[kind].dot}${wrong}${isDisabledSpot(spot) ? ', style="dashed"' : ''}${several}${room}]`
  }
  const {loose, groups} = toGrid(spots)
  const ways = bundles.map((each) => {
    const label = edgeLabel(each).map(inDot).join('\\n')
    const settings = [`label="${label}"`, ...(isBroken(each) ? ['color="red"', 'fontcolor="red"'] : [])]
    if (isDashed(each)) settings.push(`style="${each.asks ? 'dotted' : 'dashed'}"`)
    const tip = describeTrouble(each) ?? describeGuess(each)
    if (tip !== null) settings.push(`tooltip="${inDot(tip)}"`)
    return `  ${names.get(each.from)} -> ${names.get(each.to)} [${settings.join(', ')}]`
  })
  return [
    'digraph mail {',
    // Instances of one group stand one behind the other, as the mail goes.
    '  graph [rankdir="LR", newrank="true"]',
    // A viewer may have a wider font than Graphviz has reckoned with.
    `  node [fontname="${font}", fontsize="11", margin="0.3,0.1"]`,
    `  edge [fontname="${font}", fontsize="9"]`,
    ...loose.map((each) => `  ${line(each)}`),
    ...[...groups].flatMap(([name, members], at) => [
      `  subgraph cluster_${at} {`,
      `    label="${inDot(name)}"`,
      `    fontname="${font}"`,
      ...members.map((each) => `    ${line(each)}`),
      '  }',
    ]),
    ...ways,
    '}',
  ].join('\n')
}

/** In inches, at least. Graphviz knows no width of letters here: the wide ones of a long name would run out of the box. */
function widthOf(spot: Spot): string {
  return (0.4 + 0.1 * Math.max(...spotLines(spot).map(({length}) => length))).toFixed(1)
}

/** Source: https://mermaid.js.org/syntax/flowchart.html. */
export function toMermaid({spots, bundles}: Picture): string {
  const names = diagramIds(spots)
  const line = (spot: Spot): string => {
    const [open, close] = looks[spot.nodes[0].kind].mermaid
    return `${names.get(spot.id)}${open}"${spotLines(spot).map(inMermaid).join('<br/>')}"${close}`
  }
  const {loose, groups} = toGrid(spots)
  const ways = bundles.map((each) => {
    const label = edgeLabel(each).map(inMermaid).join('<br/>')
    const arrow = isDashed(each) ? '-.->' : '-->'
    return `  ${names.get(each.from)} ${arrow}${label === '' ? '' : `|"${label}"|`} ${names.get(each.to)}`
  })
  const red = bundles.flatMap((each, at) => (isBroken(each) ? [at] : []))
  const off = spots.filter(isDisabledSpot).map(({id}) => names.get(id))
  const wrong = spots.filter(isWrong).map(({id}) => names.get(id))
  return [
    'flowchart LR',
    ...loose.map((each) => `  ${line(each)}`),
    ...[...groups].flatMap(([name, members], at) => [
      `  subgraph g${at}["${inMermaid(name)}"]`,
      ...members.map((each) => `    ${line(each)}`),
      '  end',
    ]),
    ...ways,
    ...(red.length === 0 ? [] : [`  linkStyle ${red.join(',')} stroke:red,color:red`]),
    ...(off.length === 0 ? [] : [`  style ${off.join(',')} stroke-dasharray:5`]),
    ...(wrong.length === 0 ? [] : [`  style ${wrong.join(',')} stroke:red`]),
  ].join('\n')
}

/** By the WebAssembly of Graphviz, which is loaded for it alone. */
export async function toSvg(picture: Picture): Promise<string> {
  checkCompiled('SVG', suggest`postmulti flow --format dot`)
  const {instance} = await import('@viz-js/viz')
  const viz = await instance()
  const dot = toDot(picture)
  const draw = (graphAttributes: Record<string, string>): string =>
    viz.renderString(dot, {format: 'svg', graphAttributes})
  // Where Graphviz finds no curve between many boxes, it leaves the way out.
  const {length} = picture.bundles
  const curved = length <= mostCurves ? draw({splines: 'true'}) : ''
  return curved.split('class="edge"').length - 1 === length ? curved : draw(hasty)
}

/** A thousand instances each for itself are drawn in seconds, and minutes would not make it better. */
const hasty = {splines: 'line', nslimit: '1', nslimit1: '1', mclimit: '0.1'}

const mostCurves = 200

const font = 'Helvetica,Arial,sans-serif'

const looks: Record<Node['kind'], {dot: string; mermaid: [open: string, close: string]}> = {
  instance: {dot: 'shape="box"', mermaid: ['[', ']']},
  source: {dot: 'shape="ellipse"', mermaid: ['([', '])']},
  host: {dot: 'shape="ellipse"', mermaid: ['([', '])']},
  program: {dot: 'shape="hexagon"', mermaid: ['{{', '}}']},
  mailbox: {dot: 'shape="cylinder"', mermaid: ['[(', ')]']},
  service: {dot: 'shape="component"', mermaid: ['[[', ']]']},
  table: {dot: 'shape="note"', mermaid: ['[/', '/]']},
  'dead end': {dot: 'shape="octagon", color="red"', mermaid: ['>', ']']},
}

function spotLines(spot: Spot): string[] {
  const [first, ...others] = spot.nodes
  const places = doorsOf(spot).map(({place, enabled}) => `${place}${enabled ? '' : ' (off)'}`)
  const off = isDisabledSpot(spot) ? ' (disabled)' : ''
  const rest = [...new Set(places), ...spot.marks.map((each) => markWords[each])]
  if (others.length > 0) return [`${countSpot(spot)}${off}`, rangeOf(namesOfSpot(spot)), ...rest]
  if (first.kind !== 'instance') return [first.label, ...rest]
  return [`${first.label}${off}`, first.myhostname, ...rest].filter((each) => each !== '')
}

const markWords: Record<Spot['marks'][number], string> = {
  loop: 'on the way of a loop',
  unreachable: 'gets no mail',
  'by name': 'the same by name',
}

function isWrong({marks}: Spot): boolean {
  return marks.some((each) => each !== 'by name')
}

/** Red parts say why in words. */
function edgeLabel(bundle: Bundle): string[] {
  const more = [...(bundle.assumed === null ? [] : ['a guess']), ...(isOneEach(bundle) ? ['one each'] : [])]
  const trouble = describeTrouble(bundle)
  const why = trouble === null ? [] : inLines(trouble, / /)
  return [...describeMail(bundle).flatMap((each) => inLines(each)), ...more, ...why]
}

/** Broken at commas, or elsewhere, where it is long. */
function inLines(text: string, where = /(?<=,) /): string[] {
  const lines: string[] = []
  for (const each of text.split(where)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + each.length < longestLabelLine) lines[lines.length - 1] = `${last} ${each}`
    else lines.push(each)
  }
  return lines
}

const longestLabelLine = 32

function isDisabledSpot({nodes: [first]}: Spot): boolean {
  return first.kind === 'instance' && !first.instance.multi_instance_enable
}

function isBroken({trouble}: Bundle): boolean {
  return trouble !== null
}

function isDashed({assumed, asks}: Bundle): boolean {
  return assumed !== null || asks
}

/** Names that both languages take. */
function diagramIds(spots: readonly Spot[]): Map<string, string> {
  return new Map(spots.map(({id}, at) => [id, `n${at}`]))
}

function toGrid(spots: readonly Spot[]): {loose: Spot[]; groups: Map<string, Spot[]>} {
  const groups = Map.groupBy(spots, groupOf)
  const loose = groups.get('') ?? []
  groups.delete('')
  return {loose, groups}
}

/** Empty for what belongs to none, or to several. */
function groupOf({nodes}: Spot): string {
  const groups = new Set(nodes.map((each) => (each.kind === 'instance' ? each.instance.multi_instance_group : '')))
  const [first = ''] = groups
  return groups.size === 1 ? first : ''
}

function inDot(text: string): string {
  return withoutControls(text).replaceAll(/[\\"]/g, '\\$&')
}

function inMermaid(text: string): string {
  return withoutControls(text).replaceAll(/[#"<>&|`]/g, (each) => `#${each.charCodeAt(0)};`)
}
