/**
 * What people tend to mistype, for those who sit at a terminal: said in addition to postmulti(1)'s own words, and
 * changing nothing. Nothing here decides what happens.
 */
import type {Refusal} from '../model/errors.ts'
import type {InstanceList} from '../model/instance.ts'
import {namePrefix} from '../model/names.ts'
import {type Selection, select} from '../model/selection.ts'
import {typed} from '../model/typed.ts'
import type {Walk} from './command-line.ts'
import {type Option, parseOptions} from './getopt.ts'

/** Words of postfix(1) that are looked for among the actions of -e. */
const postfixWords = ['start', 'stop', 'reload', 'status', 'check', 'flush', 'abort', 'drain', 'quick-stop', 'start-fg']

/** After a complaint. */
export function hintOnRefusal(refusal: Refusal, words: readonly string[]): string | undefined {
  const {options, operands} = parseOptions(words)
  const action = options.findLast(({letter}) => letter === 'e')?.argument ?? ''
  const newName = options.find(({letter}) => letter === 'I')?.argument
  const again = (change: (option: Option) => Option): string =>
    typed(['postmulti', ...options.map(change).flatMap(toWords), ...operands])
  const {misnamed} = refusal

  if (misnamed !== undefined) {
    const [likeliest] = misnamed.nearest
    const corrected = (option: Option): Option =>
      option.argument === misnamed.name ? {...option, argument: likeliest ?? ''} : option
    return likeliest === undefined ? 'postmulti -l lists all instances' : `did you mean: ${again(corrected)}`
  }
  if (newName !== undefined && ['enable', 'disable', 'destroy', 'deport'].includes(action)) {
    const selecting = again((option) => (option.letter === 'I' ? {...option, letter: 'i'} : option))
    return `-I gives a new name, -i selects an instance: ${selecting}`
  }
  if (postfixWords.includes(action)) {
    const others = options.filter(({letter}) => letter !== 'e').flatMap(toWords)
    return `${action} is a word of postfix(1), for -p: ${typed(['postmulti', ...others, '-p', action])}`
  }
  if (newName !== undefined && /^[^/-][^/]*$/.test(newName) && !newName.startsWith(namePrefix)) {
    const prefixed = again((option) =>
      option.letter === 'I' ? {...option, argument: `${namePrefix}${newName}`} : option,
    )
    return `names of instances begin with ${namePrefix}: ${prefixed}`
  }
  const late = operands.findIndex((each) => /^-[giIGe]./.test(`${each} `))
  if (late >= 0 && action !== '') {
    const sorted = [...options.flatMap(toWords), ...operands.slice(late), ...operands.slice(0, late)]
    return `options come before NAME=VALUE: ${typed(['postmulti', ...sorted])}`
  }
  return undefined
}

/** Before a command runs: a selection behind it was not taken for one. */
export function hintOnScope(walk: Walk, list: InstanceList): string | undefined {
  const [program = '', ...rest] = walk.command
  // postfix(1) has no options behind its word; any other program may have these for itself.
  const isPostfix = walk.mode === 'postfix' || /^(?:.*\/)?postfix$/.test(program)
  const late = rest.flatMap((word, at) => readSelection(word, rest[at + 1]) ?? [])
  const meant = late.find(({selection}) => isPostfix || select(list, selection).length > 0)
  if (walk.mode === 'list' || walk.selection.by !== 'all' || meant === undefined) return undefined
  const at = 1 + rest.indexOf(meant.words[0]!)
  const command = walk.command.toSpliced(at, meant.words.length)
  const mode = walk.mode === 'postfix' ? '-p' : '-x'
  return (
    `${meant.words.join(' ')} stands behind the command and goes to it, so this is for all instances. ` +
    `For some: ${typed(['postmulti', ...meant.words, mode, ...command])}`
  )
}

/** After a command that failed. */
export function hintOnFailure({mode, command}: Walk): string | undefined {
  const [word] = command
  if (mode !== 'postfix' || word !== 'restart') return undefined
  return 'postfix(1) has no restart. Often reload is enough: postmulti -p reload. Else: postmulti -p stop, then -p start'
}

function readSelection(word: string, next: string | undefined): {words: string[]; selection: Selection} | undefined {
  const [, letter, attached = ''] = /^-([gi])(.*)$/.exec(word) ?? []
  const argument = attached === '' ? next : attached
  if (letter === undefined || argument === undefined) return undefined
  return {
    words: attached === '' ? [word, argument] : [word],
    selection: letter === 'g' ? {by: 'group', group: argument} : {by: 'name', name: argument},
  }
}

function toWords({letter, argument}: Option): string[] {
  return argument === '' ? [`-${letter}`] : [`-${letter}`, argument]
}
