/**
 * For people at a terminal: what they may have meant, in one line after postmulti(1)'s own complaint. Loaded
 * only then, and changing nothing. `words` are what was typed, without the program's name.
 */

import {typed} from '../model/base/typed.ts'
import {damaged, type InstanceList, readable} from '../model/instance/instance.ts'
import {namePrefix} from '../model/instance/names.ts'
import {nearestInstances} from '../model/instance/nearest.ts'
import {select} from '../model/instance/selection.ts'
import {type Option, parseOptions, takesArgument} from './getopt.ts'

/** Words of postfix(1) that are looked for among the actions of -e. */
const likelyWords = ['start', 'stop', 'reload', 'status', 'check', 'flush', 'abort']

/** Actions that choose an instance by -i. */
const selecting = ['enable', 'disable', 'destroy', 'deport']

/** Undefined where the complaint says enough. */
export function hintOnRefusal(message: string, words: readonly string[], list: InstanceList): string | undefined {
  const {options, operands} = parseOptions(words)
  const argumentOf = (wanted: string): string => options.findLast(({letter}) => letter === wanted)?.argument ?? ''
  const [action, name, newName] = [argumentOf('e'), argumentOf('i'), argumentOf('I')]
  const again = (wanted: string, instead: Partial<Option>): string => {
    const last = options.findLast(({letter}) => letter === wanted)
    const better = options.map((each) => (each === last ? {...each, ...instead} : each))
    return toClassicLine(better, operands)
  }

  if (message.startsWith('Usage:')) return 'postmulti --help shows what else there is'
  // The name may be that of one that cannot be read.
  if (name !== '' && damaged(list).length === 0 && select(list, {by: 'name', name}).length === 0) {
    const [likeliest] = nearestInstances(name, readable(list))
    return likeliest === undefined ? undefined : `did you mean: ${again('i', {argument: likeliest})}`
  }
  if (action === 'restart') return hintOnRestart(words)
  if (likelyWords.includes(action)) {
    const others = options.filter(({letter}) => letter !== 'e')
    return `${action} is a command, not a change: ${toClassicLine(others, ['-p', action, ...operands])}`
  }
  if (selecting.includes(action) && name === '' && newName !== '') {
    return `-I gives a new name, -i selects an instance: ${again('I', {letter: 'i'})}`
  }
  if (newName !== '' && newName !== '-' && !newName.includes('/') && !newName.startsWith(namePrefix)) {
    return `names of instances begin with ${namePrefix}: ${again('I', {argument: `${namePrefix}${newName}`})}`
  }
  const late = operands.findIndex((each) => /^-[giIGe]/.test(each))
  if (action === '' || late < 0) return undefined
  return `options come before NAME=VALUE: ${toClassicLine(options, [...operands.slice(late), ...operands.slice(0, late)])}`
}

/** Where postfix(1) was asked for it. */
export function hintOnRestart(words: readonly string[]): string {
  // The last one counts.
  const last = parseOptions(words).options.findLast((each) => 'igal'.includes(each.letter))
  const scope = last?.letter === 'i' ? [last.argument] : last?.letter === 'g' ? ['--group', last.argument] : []
  return `postfix(1) has no restart: ${typed(['postmulti', 'instances', 'restart', ...scope])}`
}

function toClassicLine(options: readonly Option[], operands: readonly string[]): string {
  const flags = options.flatMap(({letter, argument}) => [`-${letter}`, ...(takesArgument(letter) ? [argument] : [])])
  return typed(['postmulti', ...flags, ...operands])
}
