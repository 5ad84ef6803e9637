/**
 * getopt(3) as postmulti(1) uses it: short options in clusters, arguments attached or apart, and parsing that stops
 * at the first operand, at '--' (which is consumed) or at a lone '-' (which is an operand).
 * Source: getopt(3), "+" mode, with the option string of postmulti.c (3.11).
 */

import {fromBytes, toBytes} from '../model/base/text.ts'

/** Options in the order given, then operands; or the complaint of the first thing that is wrong. */
export interface ParsedOptions {
  options: Option[]
  operands: string[]
  /** What getopt(3) itself prints, without the program's name; nothing after it was looked at. */
  message?: string
}

export interface Option {
  letter: string
  /** Empty for a flag. */
  argument: string
}

const flags = 'ajlpRvx'
const withArgument = 'egiGI'

export function parseOptions(words: readonly string[]): ParsedOptions {
  // An option is one byte, whatever character it belongs to.
  const {options, operands, message} = parseBytes(words.map((each) => toBytes(each).toString('latin1')))
  return {
    options: options.map(({letter, argument}) => ({letter, argument: fromBytes(argument)})),
    operands: operands.map(fromBytes),
    ...(message === undefined ? {} : {message: fromBytes(message)}),
  }
}

export function takesArgument(letter: string): boolean {
  return withArgument.includes(letter)
}

function parseBytes(argv: readonly string[]): ParsedOptions {
  const options: Option[] = []
  let at = 0
  for (let word = argv[at]; word !== undefined; word = argv[at]) {
    if (word === '--') return {options, operands: argv.slice(at + 1)}
    if (word === '-' || !word.startsWith('-')) break
    at++
    for (let i = 1; i < word.length; i++) {
      const letter = word.charAt(i)
      if (flags.includes(letter)) options.push({letter, argument: ''})
      else if (withArgument.includes(letter)) {
        const attached = word.slice(i + 1)
        const argument = attached === '' ? argv[at++] : attached
        if (argument === undefined) {
          return {options, operands: [], message: `option requires an argument -- '${letter}'`}
        }
        options.push({letter, argument})
        break
      } else return {options, operands: [], message: `invalid option -- '${letter}'`}
    }
  }
  return {options, operands: argv.slice(at)}
}
