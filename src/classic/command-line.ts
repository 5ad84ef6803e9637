/**
 * Options -> what is meant, with postmulti(1)'s complaints in its order and its words, its misspelling included.
 * Source: main() in postmulti.c.
 */
import {Refusal} from '../model/base/errors.ts'
import {parseDirectories} from '../model/change/new-directories.ts'
import {type Action, type Request, stockWrapper} from '../model/change/request.ts'
import type {Selection} from '../model/instance/selection.ts'
import {type Option, parseOptions} from './getopt.ts'

/** A life-cycle change, or iterator mode: -l, -x or -p. */
export type CommandLine = {edit: Request; verbose: boolean} | {iterate: Iteration; verbose: boolean}

export interface Iteration {
  mode: 'list' | 'run' | 'postfix'
  selection: Selection
  reversed: boolean
  json: boolean
  command: string[]
}

type ClassicAction = Exclude<Action, 'set' | 'reorder' | 'edit' | 'undo' | 'fix'>

const classicActions: ClassicAction[] = ['create', 'destroy', 'import', 'deport', 'enable', 'disable', 'assign', 'init']
const modeByLetter = {l: 'list', p: 'postfix', x: 'run'} as const

interface SeenOptions {
  modes: number
  mode?: Iteration['mode']
  action?: ClassicAction
  selections: number
  selection?: Selection
  newName?: string
  newGroup?: string
  reversed: boolean
  json: boolean
  verbose: boolean
}

/** `program` is the name to complain under; `printed` gets what getopt(3) itself would print. */
export function readCommandLine(
  argv: readonly string[],
  program: string,
  printed: (message: string) => void,
): CommandLine {
  const {options, operands, message} = parseOptions(argv)
  const seen: SeenOptions = {modes: 0, selections: 0, reversed: false, json: false, verbose: false}
  for (const option of options) see(seen, option)
  if (message !== undefined) {
    printed(message)
    throw new Refusal(usage(program))
  }
  checkCombination(seen, operands)
  if (seen.action !== undefined) return {edit: requestOf(seen.action, seen, operands), verbose: seen.verbose}
  const iterate: Iteration = {
    mode: seen.mode!,
    selection: seen.selection ?? {by: 'all'},
    reversed: seen.reversed,
    json: seen.json,
    command: operands,
  }
  return {iterate, verbose: seen.verbose}
}

function see(seen: SeenOptions, {letter, argument}: Option): void {
  switch (letter) {
    case 'a':
      if (seen.selection?.by !== 'all') seen.selections++
      seen.selection = {by: 'all'}
      break
    case 'g':
      seen.selections++
      seen.selection = {by: 'group', group: argument}
      break
    case 'i':
      seen.selections++
      seen.selection = {by: 'name', name: argument}
      break
    case 'e':
      seeAction(seen, argument)
      break
    case 'G':
      if (seen.newGroup !== undefined) throw new Refusal("Specify at most one '-G' option")
      seen.newGroup = argument === '-' ? '' : argument
      break
    case 'I':
      if (seen.newName !== undefined) throw new Refusal("Specify at most one '-I' option")
      seen.newName = argument === '-' ? '' : argument
      break
    case 'R':
      seen.reversed = !seen.reversed
      break
    case 'j':
      seen.json = true
      break
    case 'v':
      seen.verbose = true
      break
    default:
      seeMode(seen, modeByLetter[letter as keyof typeof modeByLetter])
  }
}

function seeAction(seen: SeenOptions, argument: string): void {
  const action = classicActions.find((each) => each === argument)
  if (action === undefined) {
    const known = classicActions.map((each) => `'${each}'`)
    throw new Refusal(
      `Invalid '-e' edit action '${argument}'. Specify ${known.slice(0, -1).join(', ')} or ${known.at(-1)}`,
    )
  }
  if (seen.action !== action) seen.modes++
  seen.action = action
  delete seen.mode
}

function seeMode(seen: SeenOptions, mode: Iteration['mode']): void {
  if (seen.mode !== mode) seen.modes++
  seen.mode = mode
  delete seen.action
}

function checkCombination(seen: SeenOptions, operands: string[]): void {
  const {action, mode} = seen
  if (seen.selections > 1) throw new Refusal("Specity no more than one of '-a', '-g', '-i'")
  if (seen.modes !== 1) throw new Refusal("Specify exactly one of '-e', '-l', '-p', '-x'")
  if (mode === 'list' && operands.length > 0) throw new Refusal("Command not allowed with '-l'")
  if ((mode === 'postfix' || mode === 'run') && operands.length === 0) {
    throw new Refusal("Command required with '-p' or '-x' option")
  }
  if (seen.reversed && (mode === 'postfix' || action !== undefined)) {
    throw new Refusal("The '-p' and '-e' options preclude the use of '-R'")
  }
  const assigns = seen.newName !== undefined || seen.newGroup !== undefined
  const mayAssign = action === 'create' || action === 'import' || action === 'assign'
  if (assigns && !mayAssign) {
    throw new Refusal(
      action === undefined
        ? "Cannot assign instance name or group without '-e assign'"
        : `Cannot assign instance name or group with '-e ${action}'`,
    )
  }
  if (action === 'assign' && !assigns) throw new Refusal("Specify new instance name or group with '-e assign'")
  if (action !== undefined && action !== 'create' && action !== 'import' && operands.length > 0) {
    throw new Refusal(`Parameter overrides not valid with '-e ${action}'`)
  }
  if (seen.json && mode !== 'list') throw new Refusal("JSON output available only with '-l'")
}

function requestOf(action: ClassicAction, seen: SeenOptions, parameters: string[]): Request {
  const names = {
    ...(seen.newName === undefined ? {} : {newName: seen.newName}),
    ...(seen.newGroup === undefined ? {} : {newGroup: seen.newGroup}),
  }
  const target = seen.selection === undefined ? {} : {target: seen.selection}
  switch (action) {
    case 'init':
      return {action, wrapper: stockWrapper}
    case 'create':
    case 'import':
      return {
        action,
        ...names,
        ...parseDirectories(action, parameters),
        ...(seen.selection === undefined ? {} : {place: seen.selection}),
      }
    case 'assign':
      return {action, ...names, ...target}
    default:
      return {action, ...target}
  }
}

function usage(program: string): string {
  return [
    `Usage:${program} -l [-v] [-a] [-g group] [-i instance]`,
    `${program} -p [-v] [-a] [-g group] [-i instance] command...`,
    `${program} -x [-v] [-a] [-i name] [-g group] command...`,
    `${program} -e action [-v] [-a] [-i name] [-g group] [-I name] [-G group] [param=value ...]`,
  ].join(' | ')
}
