/**
 * What postfix(1) makes of multi_instance_wrapper: it splits the value at blanks, looks for the program in PATH, and puts its
 * own words behind. Source: postfix.c; postmulti(1) for the options.
 */
import {systemPath} from '../base/places.ts'
import {splitWords} from '../base/text.ts'

/** Where the program may be, the first one first. Quotes have no meaning there. */
export function wrapperPlaces(value: string): string[] {
  const [program = ''] = splitWords(value, betweenWrapperWords)
  if (program === '' || program.includes('/')) return [program]
  return systemPath.split(':').map((each) => `${each}/${program}`)
}

/** Why a call of postmulti(1) starts no instances, or not all; undefined for another program, too. */
export function findWrapperFault(value: string): string | undefined {
  const [program = '', ...words] = splitWords(value, betweenWrapperWords)
  if (!/(?:^|\/)postmulti$/.test(program)) return undefined
  let mode: string | undefined
  let at = 0
  for (; words[at]?.startsWith('-') && words[at] !== '--'; at++) {
    const [, flags = '', withValue, attached = ''] = /^-([aplv]*)([xgi]?)(.*)$/s.exec(words[at] ?? '') ?? []
    if (withValue === 'g' || withValue === 'i') {
      const part = attached || words[at + 1] || ''
      return `has -${withValue} ${part}, so that postfix start starts a part of the instances`
    }
    mode = withValue === 'x' ? 'x' : flags.includes('p') ? 'p' : mode
  }
  const behind = words.slice(words[at] === '--' ? at + 1 : at)
  if (mode === undefined) return 'lacks -p --, so that every word of postfix(1) is taken for another command'
  return mode === 'p' && behind.length > 0
    ? `has '${behind.join(' ')}' behind it, which is taken for the command: none of postfix(1) works`
    : undefined
}

const betweenWrapperWords = ' \t\r\n'
