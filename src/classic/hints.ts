/**
 * For people at a terminal: a selection after the command selects nothing, and the command reaches
 * all instances. Said before it runs, and changing nothing.
 */

import {typed} from '../model/base/typed.ts'
import type {InstanceList} from '../model/instance/instance.ts'
import {type Selection, select} from '../model/instance/selection.ts'
import type {Iteration} from './command-line.ts'

/** Undefined where nothing seems to be meant otherwise. */
export function hintOnScope(iterate: Iteration, list: InstanceList): string | undefined {
  const [program = '', ...rest] = iterate.command
  // postfix(1) has no options after its word; any other program may use them itself.
  const isPostfix = iterate.mode === 'postfix' || /^(?:.*\/)?postfix$/.test(program)
  const late = rest.flatMap((word, at) => readSelection(word, rest[at + 1]) ?? [])
  const meant = late.find(({selection}) => isPostfix || select(list, selection).length > 0)
  if (iterate.mode === 'list' || iterate.selection.by !== 'all' || meant === undefined) return undefined
  const at = 1 + rest.indexOf(meant.words[0])
  const command = iterate.command.toSpliced(at, meant.words.length)
  const mode = iterate.mode === 'postfix' ? '-p' : '-x'
  return (
    `${meant.words.join(' ')} comes after the command and is passed to it, so this is for all instances. ` +
    `For some: ${typed(['postmulti', ...meant.words, mode, ...command])}`
  )
}

function readSelection(
  word: string,
  next: string | undefined,
): {words: [string, ...string[]]; selection: Selection} | undefined {
  const [, letter, attached = ''] = /^-([gi])(.*)$/.exec(word) ?? []
  const argument = attached === '' ? next : attached
  if (letter === undefined || argument === undefined) return undefined
  return {
    words: attached === '' ? [word, argument] : [word],
    selection: letter === 'g' ? {by: 'group', group: argument} : {by: 'name', name: argument},
  }
}
