/** Which of the chosen instances a word of postfix(1) reaches, and what becomes of the others. */

import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import {typed} from '../model/base/typed.ts'
import type {Choice} from '../model/instance/choice.ts'
import {type Instance, label, operandOf} from '../model/instance/instance.ts'
import {type CommandClasses, classOf} from './iterate.ts'

export interface SettledTargets {
  /** Those that are run, in start order. */
  taking: Instance[]
  /** Those that were named, and do not get what they were named for. */
  denied: Instance[]
  /** What becomes of the disabled ones. */
  remarks: string[]
}

/**
 * Refuses when the word leaves all of them alone, because they are disabled. `running`: the disabled ones that have a
 * master(8) nevertheless. `named`: those that were asked for by name;
 * what stops, or speaks to one that runs, reaches them whatever their switch says.
 */
export function settleTargets(
  {instances, damaged}: Choice,
  named: readonly Instance[],
  word: string,
  classes: CommandClasses,
  running: readonly Instance[],
): SettledTargets {
  const disabled = instances.filter((each) => !each.multi_instance_enable)
  const commandClass = classOf(word, classes)
  if (commandClass === 'other') return {taking: instances, denied: [], remarks: []}
  const reached = disabled.filter((each) => {
    return named.includes(each) && (commandClass === 'stop' || (commandClass === 'control' && running.includes(each)))
  })
  const taking = instances.filter((each) => each.multi_instance_enable || reached.includes(each))
  const [first] = disabled
  if (first !== undefined && taking.length === 0 && damaged.length === 0) {
    throw nothingLeft(running[0] ?? first, disabled, word, running.length > 0 && commandClass !== 'start')
  }
  if (commandClass === 'start') {
    const denied = disabled.filter((each) => named.includes(each))
    return {
      taking: instances.filter((each) => !denied.includes(each)),
      denied,
      remarks: disabled.map((each) =>
        denied.includes(each)
          ? `${label(each)} is disabled: not started; try: ${typed(enabling(each))}`
          : `${label(each)} is disabled: checked in place of started`,
      ),
    }
  }
  const others = disabled.filter((each) => !reached.includes(each))
  return {
    taking,
    denied: others.filter((each) => named.includes(each)),
    remarks: others.map((each) => {
      const how = running.includes(each) ? `, although it runs; try: ${typed(naming(each, word))}` : ''
      return `${label(each)} is disabled: skipped${how}`
    }),
  }
}

function nothingLeft(first: Instance, disabled: Instance[], word: string, runs: boolean): Refusal {
  const message =
    disabled.length === 1
      ? `${label(first)} is disabled, and '${word}' is for enabled instances`
      : `These are all disabled, and '${word}' is for enabled instances: ${disabled.map(label).join(', ')}`
  const enable = enabling(first)
  return new Refusal(message, {suggestions: runs ? [naming(first, word), enable] : [enable]})
}

function enabling(instance: Instance): string[] {
  return suggest`postmulti instances enable ${operandOf(instance)}`
}

/** One that is named is reached whatever its switch says. */
function naming(instance: Instance, word: string): string[] {
  return suggest`postmulti instances ${word} ${operandOf(instance)}`
}
