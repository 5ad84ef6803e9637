/**
 * What cleanup(8) makes of a recipient before anybody looks where it goes: completed, and by canonical names and aliases
 * something else or several. Source: trivial-rewrite(8); canonical(5) and virtual(5) for the keys.
 */
import {
  extensionOf,
  followOperators,
  isYes,
  quoteLocal,
  splitAddress,
  splitList,
  tidyAddress,
  unquoteLocal,
} from './address.ts'
import type {Decision} from './resolve.ts'
import {type Asking, addressKeys, findInMaps, split} from './tables.ts'
import {type FlowHost, listItems, type View} from './view.ts'

export interface Rewritten {
  /** One or several. */
  addresses: string[]
  decisions: Decision[]
  /** Tables that could not be asked. */
  unknown: string[]
}

/** `keep`: with receive_override_options = no_address_mappings only what is missing is added. */
export function rewriteAddress(view: View, recipient: string, keep: boolean, {tables}: FlowHost): Rewritten {
  const asking: Asking = {view, tables, unknown: new Set()}
  const decisions: Decision[] = []
  const whole = completeAddress(tidyAddress(recipient), view, decisions)
  const addresses = keep ? [whole] : aliases(canonicalAddress(whole, asking, decisions), asking, decisions)
  return {addresses, decisions, unknown: [...asking.unknown]}
}

/** As an address without a domain, or with part of one, is completed. */
function completeAddress(recipient: string, view: View, decisions: Decision[]): string {
  const {local, domain} = splitAddress(recipient)
  const {myorigin = '', mydomain = '', append_at_myorigin, append_dot_mydomain} = view.parameters
  const become = (address: string, by: string, says: string): string => {
    decisions.push({by, says, so: `${recipient} is ${address}`})
    return address
  }
  if (domain === null) {
    const operators = followOperators(local, view)
    if (operators !== undefined) return completeAddress(become(operators.address, operators.by, 'yes'), view, decisions)
    if (!isYes(append_at_myorigin)) return recipient
    return become(completeAddress(`${local}@${myorigin}`, view, []), 'myorigin', myorigin)
  }
  if (domain === '' || /[.[]/.test(domain) || !isYes(append_dot_mydomain)) return recipient
  return become(`${recipient}.${mydomain}`, 'mydomain', mydomain)
}

/** As `rewrite`, for the sender; masquerading is skipped. The empty one stays so. */
export function rewriteSender(view: View, sender: string, keep: boolean, {tables}: FlowHost): Rewritten {
  const asking: Asking = {view, tables, unknown: new Set()}
  const decisions: Decision[] = []
  const tidy = tidyAddress(sender)
  const whole = tidy === '' ? '' : completeAddress(tidy, view, decisions)
  const address = keep || whole === '' ? whole : canonicalAddress(whole, asking, decisions, 'sender_canonical_maps')
  return {addresses: [address], decisions, unknown: [...asking.unknown]}
}

function canonicalAddress(
  address: string,
  asking: Asking,
  decisions: Decision[],
  own: 'sender_canonical_maps' | 'recipient_canonical_maps' = 'recipient_canonical_maps',
): string {
  return ([own, 'canonical_maps'] as const).reduce((current, by) => {
    const found = findInMaps(asking.view.parameters[by] ?? '', addressKeys(current, asking), asking)
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
    const found = findInMaps(asking.view.parameters.virtual_alias_maps ?? '', addressKeys(current, asking), asking)
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

/** `@domain` keeps the name; what has none gets myorigin; an extension that the key does not have goes along. */
function results(value: string, key: string, address: string, kind: 'canonical' | 'virtual', view: View): string[] {
  const {local} = split(address)
  const extension = extensionOf(local, view)
  const isCut =
    extension !== '' && !split(key.toLowerCase()).local.includes(local.toLowerCase()) && !key.startsWith('@')
  const goesAlong = isCut && listItems(view.parameters.propagate_unmatched_extensions ?? '').includes(kind)
  return splitList(value).map((each) => {
    if (each.startsWith('@')) return `${local}${each}`
    const whole = completeAddress(each, view, [])
    if (!goesAlong) return whole
    const {local: name, domain} = splitAddress(whole)
    return `${quoteLocal(unquoteLocal(name) + extension)}${domain === null ? '' : `@${domain}`}`
  })
}
