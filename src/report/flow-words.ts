/** What the ways of mail are called, in every picture of them. */
import type {Edge, Node} from '../flow/graph.ts'
import type {Mail} from '../flow/routes.ts'

/** Which mail goes a way; empty for ways into the host. */
export function describeMail({mail, asks, by, into}: Edge): string {
  if (asks) return 'asks'
  if (mail.length > 0) return mail.map(describeOne).join(', ')
  return into === 'pickup/unix' ? by.join(', ') : ''
}

/** The same on one line with the transport. */
export function describeWay(edge: Edge): string {
  const {transport, program} = edge
  const by = transport === null || transport === program ? (transport ?? '') : `${transport} (${program ?? 'unknown'})`
  return [describeMail(edge), by === '' ? '' : `by ${by}`].filter((each) => each !== '').join(' ')
}

/** Instances have lines of their own below. */
export function nameOf(node: Node): string {
  return printed(node.kind === 'source' ? `from ${node.label}` : node.label)
}

/** A parameter may have anything in it: none shall move the cursor. */
export function printed(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f]/g, '?')
}

function describeOne({class: name, of}: Mail): string {
  const named = of.length <= shown ? of.join(', ') : `${of.slice(0, shown).join(', ')} and ${of.length - shown} more`
  switch (name) {
    case 'local':
      return `local ${named}`
    case 'virtual':
      return `virtual ${named}`
    case 'relay':
      return `relayed for ${named}`
    case 'other':
      return 'everything else'
    case 'listed':
      return of.length === 0 ? 'what it has' : named
    case 'sender':
      return of.length === 0 ? 'senders that it has' : `from ${named}`
    case 'filtered':
      return of.length === 0 ? 'everything' : `everything by ${named}`
    case 'before queue':
      return `everything by ${named}, before it is queued`
    case 'fallback':
      return 'when that does not answer'
  }
}

const shown = 3
