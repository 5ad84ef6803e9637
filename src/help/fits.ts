/** Whether a command takes these words, as far as its description and the instances say: what is pasted is not a mistake. */
import {type InstanceList, readable} from '../model/instance/instance.ts'
import {nearestInstances} from '../model/instance/nearest.ts'
import {select} from '../model/instance/selection.ts'
import {kindsOf, type Offered, saysForWhom} from './typed-words.ts'

/** What must be known of a command for it. */
export interface Takes {
  /** With ':' or blanks. */
  id: string
  flags: Offered
  args: Record<string, {required?: boolean | undefined; multiple?: boolean | undefined}>
  /** Absent is yes. */
  strict?: boolean | undefined
}

/** Where a name, or a group, is not to be found on this host. */
type Scope = ['--instance' | '--group', string]

/** `words` are those behind its name. Without a list every name is one. */
export function fits(words: readonly string[], takes: Takes, list: InstanceList | undefined): boolean {
  const {id, flags, args, strict = true} = takes
  const kinds = kindsOf(words, flags)
  const given = words.flatMap((word, at) => {
    if (kinds[at] !== 'flag' || word === '--') return []
    return [readFlag(word, kinds[at + 1] === 'value' ? words[at + 1] : undefined, flags)]
  })
  if (given.some((each) => each?.name === 'help')) return true
  const has = (name: string): boolean => given.some((each) => each?.name === name)
  const isWrong = ({exclusive = [], dependsOn = []}: Offered[string]): boolean =>
    exclusive.some(has) || !dependsOn.every(has)
  if (given.some((each) => each === undefined || isWrong(flags[each.name] ?? {}))) return false
  const operands = words.filter((_, at) => kinds[at] === 'operand')
  const all = Object.values(args)
  const [least, most] = [all.filter(({required}) => required).length, all.some(isMany) ? operands.length : all.length]
  // What is not strict has a command of others behind '--'.
  const end = strict ? 0 : words.length - operands.length
  const isWhole = strict
    ? operands.length >= least && operands.length <= most
    : operands.length > 0 && words[end - 1] === '--'
  if (!isWhole) return false
  if (list === undefined) return true
  const isNew = /^instances[: ](?:create|import)$/.test(id)
  const valuesOf = (...wanted: string[]): string[] =>
    given.flatMap((each) => (each !== undefined && wanted.includes(each.name) ? (each.value ?? []) : []))
  const areInstances = 'name' in args && !isNew && !id.startsWith('plugins')
  const names = [...(areInstances ? operands : []), ...valuesOf('instance', 'like', 'before', 'after', 'via')]
  const groups = isNew || id.endsWith('assign') ? [] : valuesOf('group')
  return (
    names.every((name) => select(list, {by: 'name', name}).length > 0) &&
    groups.every((group) => select(list, {by: 'group', group}).length > 0)
  )
}

function isMany({multiple}: Takes['args'][string]): boolean {
  return multiple === true
}

/** Where a command takes no name, but a flag for one: without it the command would be for all of them. */
export function withScope(
  words: readonly string[],
  flags: Offered,
  list: InstanceList | undefined,
): string[] | undefined {
  const kinds = kindsOf(words, flags)
  const [first, ...others] = words.flatMap((word, at) => (kinds[at] === 'operand' ? {at, word} : []))
  if (!('instance' in flags) || first === undefined || others.length > 0 || words.some(saysForWhom)) return undefined
  return words.toSpliced(first.at, 1, ...scopeFlagsFor(first.word, list))
}

function scopeFlagsFor(name: string, list: InstanceList | undefined): Scope {
  if (list === undefined || select(list, {by: 'name', name}).length > 0) return ['--instance', name]
  if (select(list, {by: 'group', group: name}).length > 0) return ['--group', name]
  return ['--instance', nearestInstances(name, readable(list))[0] ?? name]
}

/** Undefined where there is none of this name, where its value is missing or none of those that exist. */
function readFlag(
  word: string,
  next: string | undefined,
  flags: Offered,
): {name: string; value: string | undefined} | undefined {
  const [, long, value = next] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
  const [, char, attached] = /^-([^-])(.*)$/s.exec(word) ?? []
  if (long === 'help') return {name: long, value: undefined}
  const [name, flag] =
    Object.entries(flags).find(([each, {allowNo, char: its}]) => {
      return long === undefined ? its === char : each === long || (allowNo && `no-${each}` === long)
    }) ?? []
  const given = long === undefined ? attached || next : value
  const isMissing = given === undefined || (flag?.options && !flag.options.includes(given))
  if (name === undefined || (flag?.type === 'option' ? isMissing : given !== undefined)) return undefined
  return {name, value: given}
}
