/**
 * What cleanup(8) makes of a recipient before anybody looks where it goes: completed, and by canonical names and aliases
 * something else or several. Source: trivial-rewrite(8); canonical(5) and virtual(5) for the keys.
 */
import type {Decision} from './resolve.ts'
import {type Asking, findInDomains, findInMaps, type Key, split, withoutExtension} from './tables.ts'
import {type FlowHost, type View, words} from './view.ts'

export interface Rewritten {
  /** One or several. */
  addresses: string[]
  decisions: Decision[]
  /** Tables that could not be asked. */
  unknown: string[]
}

/** `keep`: with receive_override_options = no_address_mappings only what is missing is added. */
export function rewrite(view: View, recipient: string, keep: boolean, {tables}: FlowHost): Rewritten {
  const asking: Asking = {view, tables, unknown: new Set()}
  const decisions: Decision[] = []
  const whole = complete(recipient, view, decisions)
  const addresses = keep ? [whole] : aliases(canonical(whole, asking, decisions), asking, decisions)
  return {addresses, decisions, unknown: [...asking.unknown]}
}

/** As an address without a domain, or with part of one, is completed. */
function complete(recipient: string, {parameters}: View, decisions: Decision[]): string {
  const {local, domain} = split(recipient)
  const {myorigin = '', mydomain = ''} = parameters
  if (domain === '') {
    if (!/^yes$/i.test(parameters.append_at_myorigin ?? '')) return recipient
    const whole = complete(`${local}@${myorigin}`, {parameters} as View, [])
    decisions.push({by: 'myorigin', says: myorigin, so: `${recipient} is ${whole}`})
    return whole
  }
  if (/[.[]/.test(domain) || !/^yes$/i.test(parameters.append_dot_mydomain ?? '')) return recipient
  const whole = `${recipient}.${mydomain}`
  decisions.push({by: 'mydomain', says: mydomain, so: `${recipient} is ${whole}`})
  return whole
}

function canonical(address: string, asking: Asking, decisions: Decision[]): string {
  return (['recipient_canonical_maps', 'canonical_maps'] as const).reduce((current, by) => {
    const found = findInMaps(asking.view.parameters[by] ?? '', keysOf(current, asking), asking)
    if (found === undefined) return current
    const [first = current] = results(found.value, found.key, current, 'canonical', asking.view)
    if (first !== current) decisions.push({by, says: `${found.table}: ${found.key}`, so: `${current} becomes ${first}`})
    return first
  }, address)
}

/** An alias of an alias is one, too; one that leads to itself is the end. */
function aliases(address: string, asking: Asking, decisions: Decision[]): string[] {
  const ended: string[] = []
  const left = [address]
  const seen = new Set(left)
  for (let current = left.shift(); current !== undefined; current = left.shift()) {
    const found = findInMaps(asking.view.parameters.virtual_alias_maps ?? '', keysOf(current, asking), asking)
    const next = found === undefined ? [] : results(found.value, found.key, current, 'virtual', asking.view)
    if (found === undefined || next.includes(current)) ended.push(current)
    if (found === undefined) continue
    const by = 'virtual_alias_maps'
    decisions.push({by, says: `${found.table}: ${found.key}`, so: `${current} becomes ${next.join(', ')}`})
    for (const each of next) {
      if (!seen.has(each)) left.push(each)
      seen.add(each)
    }
  }
  return ended
}

/** The address whole and without extension; the name alone where it is one of ours; the domain. */
function keysOf(address: string, asking: Asking): Key[] {
  const {view} = asking
  const {local, domain} = split(address.toLowerCase())
  const bare = withoutExtension(local, view)
  const {myorigin = '', mydestination = ''} = view.parameters
  const isOurs = domain === myorigin.toLowerCase() || findInDomains(mydestination, domain, 'no', asking) !== undefined
  const keys = [`${local}@${domain}`, `${bare}@${domain}`, ...(isOurs ? [local, bare] : []), `@${domain}`]
  return [...new Set(keys)].map((key, at) => ({key, partial: at > 0}))
}

/** `@domain` keeps the name; what has none gets myorigin; an extension that the key does not have goes along. */
function results(value: string, key: string, address: string, kind: 'canonical' | 'virtual', view: View): string[] {
  const {local} = split(address)
  const bare = withoutExtension(local, view)
  const isCut = bare !== local && !split(key.toLowerCase()).local.includes(local.toLowerCase()) && !key.startsWith('@')
  const goesAlong = isCut && words(view.parameters.propagate_unmatched_extensions ?? '').includes(kind)
  return words(value).map((each) => {
    if (each.startsWith('@')) return `${local}${each}`
    const whole = complete(each, view, [])
    if (!goesAlong) return whole
    const {local: name, domain} = split(whole)
    return `${name}${local.slice(bare.length)}@${domain}`
  })
}
