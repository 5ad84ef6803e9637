/**
 * Mail addresses as people type them and as tables have them, and what trivial-rewrite(8) does with routing operators in
 * them. An address is LOCAL@DOMAIN here, with quotes where RFC 5322 wants them. Source: RFC 5321 and 5322; postconf(5).
 */
import type {View} from './view.ts'

/** The domain is null where the address has none, and empty where nothing is behind the @. */
export function splitAddress(address: string): {local: string; domain: string | null} {
  const [, local, domain] = /^((?:"(?:[^"\\]|\\.)*"|[^"])*)@([^@"]*)$/s.exec(address) ?? []
  return local === undefined || domain === undefined ? {local: address, domain: null} : {local, domain}
}

/** Without a name or comments around it, without a route before it, with quotes only where they must be. */
export function tidyAddress(typed: string): string {
  const {local, domain} = splitAddress(bareAddress(typed))
  const whole = quoteLocal(unquoteLocal(local))
  return domain === null ? whole : `${whole}@${domain.replace(/(?<=[^.])\.$/, '')}`
}

/** Whether there is a blank in it that is in no quotes: Postfix would see two words. */
export function hasBareBlank(typed: string): boolean {
  return /\s/.test(bareAddress(typed).replace(/"(?:[^"\\]|\\.)*"/gs, ''))
}

function bareAddress(typed: string): string {
  const [, inside] = /<([^<>]*)>[^"<>]*$/.exec(typed) ?? []
  return (inside ?? typed.replaceAll(/\s*\([^()"]*\)\s*/g, '')).trim().replace(/^@[^:"]*:/, '')
}

/** Those of a list in a table, which are separated by commas or blanks. */
export function splitList(value: string): string[] {
  return (value.match(/(?:"(?:[^"\\]|\\.)*"|[^\s,"])+/g) ?? []).map(tidyAddress)
}

export function unquoteLocal(local: string): string {
  return local.replaceAll(/"((?:[^"\\]|\\.)*)"/gs, '$1').replaceAll(/\\(.)/gs, '$1')
}

export function quoteLocal(local: string): string {
  const isPlain = local === '' || /^[^\s"(),:;<>@[\]\\.\0-\x1f]+(?:\.[^\s"(),:;<>@[\]\\.\0-\x1f]+)*$/.test(local)
  return isPlain ? local : `"${local.replaceAll(/["\\]/g, '\\$&')}"`
}

/** HOST!USER and USER%HOST as USER@HOST, where they are on; undefined for all else. */
export function followOperators(local: string, {parameters}: View): {by: string; address: string} | undefined {
  const plain = unquoteLocal(local)
  const bang = plain.indexOf('!')
  if (bang >= 0 && isYes(parameters.swap_bangpath)) {
    return {by: 'swap_bangpath', address: `${quoteLocal(plain.slice(bang + 1))}@${plain.slice(0, bang)}`}
  }
  const percent = plain.lastIndexOf('%')
  if (percent < 0 || !isYes(parameters.allow_percent_hack)) return undefined
  return {by: 'allow_percent_hack', address: `${quoteLocal(plain.slice(0, percent))}@${plain.slice(percent + 1)}`}
}

/**
 * The first of the characters in recipient_delimiter begins the extension, unless nothing would be left.
 * Source: split_addr().
 */
export function withoutExtension(local: string, {parameters}: View): string {
  const {recipient_delimiter = ''} = parameters
  const plain = unquoteLocal(local)
  const at = [...plain].findIndex((each) => recipient_delimiter.includes(each))
  const isWhole = /^(?:mailer-daemon|postmaster|double-bounce)$/i.test(plain)
  const isOfList = recipient_delimiter.includes('-') && /^owner-|-request$/i.test(plain)
  return at <= 0 || isWhole || isOfList ? local : quoteLocal(plain.slice(0, at))
}

/** The other part of it, with its delimiter. */
export function extensionOf(local: string, view: View): string {
  return unquoteLocal(local).slice(unquoteLocal(withoutExtension(local, view)).length)
}

/** Whether mail can go there: a name, or an address in brackets. Source: valid_hostname(), valid_mailhost_literal(). */
export function isDomain(domain: string): boolean {
  if (domain.startsWith('[')) return /^\[(?:[\d.]+|ipv6:[\da-f:.]+)\]$/i.test(domain)
  // Names in other scripts are left to Postfix.
  const isLabel = (each: string) => /^[\w\x80-\uffff](?:[\w\x80-\uffff-]{0,61}[\w\x80-\uffff])?$/.test(each)
  return domain.length <= 255 && !/^[\d.]+$/.test(domain) && domain.split('.').every(isLabel)
}

/** Whether main.cf says yes, as Postfix reads it. */
export function isYes(value = ''): boolean {
  return /^yes$/i.test(value)
}
