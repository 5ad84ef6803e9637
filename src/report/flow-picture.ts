/** The flow of mail as a drawing, in the languages of Graphviz and Mermaid. Guesses are dashed, what does not work is red. */
import type {Edge, Flow, Node} from '../flow/graph.ts'
import type {Remark} from '../flow/troubles.ts'
import {describeListener} from '../model/listeners.ts'
import {groupBy} from './flow-text.ts'
import {describeMail, printed} from './flow-words.ts'

/** Source: https://graphviz.org/doc/info/lang.html. */
export function toDot({nodes, edges}: Flow, remarks: readonly Remark[] = []): string {
  const names = numbered(nodes)
  const line = (node: Node): string => {
    const label = linesOf(node, remarks).map(inDot).join('\\n')
    const wrong = marksOf(node, remarks).length === 0 ? '' : ', color="red"'
    return `${names.get(node.id)} [label="${label}", ${looks[node.kind].dot}${wrong}${isOff(node) ? ', style="dashed"' : ''}]`
  }
  const {loose, groups} = arrange(nodes)
  const ways = edges.map((each) => {
    const settings = [`label="${inDot(toLabel(each))}"`, ...(isBroken(each) ? ['color="red"', 'fontcolor="red"'] : [])]
    if (isDashed(each)) settings.push(`style="${each.asks ? 'dotted' : 'dashed'}"`)
    const tip = each.trouble?.message ?? each.assumed
    if (tip !== null) settings.push(`tooltip="${inDot(tip)}"`)
    return `  ${names.get(each.from)} -> ${names.get(each.to)} [${settings.join(', ')}]`
  })
  return [
    'digraph mail {',
    '  rankdir="LR"',
    // Whoever shows it may have a wider font than Graphviz has reckoned with.
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

/** Source: https://mermaid.js.org/syntax/flowchart.html. */
export function toMermaid({nodes, edges}: Flow, remarks: readonly Remark[] = []): string {
  const names = numbered(nodes)
  const line = (node: Node): string => {
    const [open, close] = looks[node.kind].mermaid
    return `${names.get(node.id)}${open}"${linesOf(node, remarks).map(inMermaid).join('<br/>')}"${close}`
  }
  const {loose, groups} = arrange(nodes)
  const ways = edges.map((each) => {
    const label = toLabel(each)
    const arrow = isDashed(each) ? '-.->' : '-->'
    return `  ${names.get(each.from)} ${arrow}${label === '' ? '' : `|"${inMermaid(label)}"|`} ${names.get(each.to)}`
  })
  const red = edges.flatMap((each, at) => (isBroken(each) ? [at] : []))
  const off = nodes.filter(isOff).map(({id}) => names.get(id))
  const wrong = nodes.filter((each) => marksOf(each, remarks).length > 0).map(({id}) => names.get(id))
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
export async function toSvg(flow: Flow, remarks: readonly Remark[] = []): Promise<string> {
  const {instance} = await import('@viz-js/viz')
  const viz = await instance()
  const draw = (splines: string): string =>
    viz.renderString(toDot(flow, remarks), {format: 'svg', graphAttributes: {splines}})
  // Where Graphviz finds no curve between many boxes, it leaves the way out.
  const curved = flow.edges.length <= mostCurves ? draw('true') : ''
  return curved.split('class="edge"').length - 1 === flow.edges.length ? curved : draw('line')
}

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

function linesOf(node: Node, remarks: readonly Remark[]): string[] {
  if (node.kind !== 'instance') return [node.label]
  const places = [...new Set(node.listeners.map((each) => `${describeListener(each)}${each.enabled ? '' : ' (off)'}`))]
  const name = `${node.label}${isOff(node) ? ' (disabled)' : ''}`
  return [name, node.myhostname, ...places, ...marksOf(node, remarks)].filter((each) => each !== '')
}

/** What is wrong with it. */
function marksOf({id}: Node, remarks: readonly Remark[]): string[] {
  const kinds = remarks.flatMap(({kind, nodes}) => (nodes.includes(id) ? [kind] : []))
  return [...new Set(kinds)].map((each) => marks[each])
}

const marks: Record<Remark['kind'], string> = {loop: 'on the way of a loop', unreachable: 'gets no mail'}

function toLabel(edge: Edge): string {
  return [describeMail(edge), ...(edge.assumed === null ? [] : ['a guess'])].filter((each) => each !== '').join(', ')
}

function isOff(node: Node): boolean {
  return node.kind === 'instance' && !node.instance.multi_instance_enable
}

function isBroken({trouble}: Edge): boolean {
  return trouble !== null
}

function isDashed({assumed, asks}: Edge): boolean {
  return assumed !== null || asks
}

/** Names that both languages take. */
function numbered(nodes: readonly Node[]): Map<string, string> {
  return new Map(nodes.map(({id}, at) => [id, `n${at}`]))
}

function arrange(nodes: readonly Node[]): {loose: Node[]; groups: Map<string, Node[]>} {
  const groups = groupBy(nodes, (each) => (each.kind === 'instance' ? each.instance.multi_instance_group : ''))
  const loose = groups.get('') ?? []
  groups.delete('')
  return {loose, groups}
}

function inDot(text: string): string {
  return printed(text).replaceAll(/[\\"]/g, '\\$&')
}

function inMermaid(text: string): string {
  return printed(text).replaceAll(/[#"<>&|`]/g, (each) => `#${each.charCodeAt(0)};`)
}
