/** Which of the chosen instances a word of postfix(1) reaches, and what becomes of the others. */
import type {Choice} from '../model/choice.ts'
import {Refusal} from '../model/errors.ts'
import {type Instance, label, operandOf} from '../model/instance.ts'
import {suggest} from '../model/suggestion.ts'
import {typed} from '../model/typed.ts'
import {type CommandClasses, classOf} from './iterate.ts'

export interface Settled {
  /** Those that get a turn, in start order. */
  taking: Instance[]
  /** What becomes of the disabled ones. */
  remarks: string[]
}

/** Refuses when the word leaves all of them alone, because they are disabled. */
export function settleTargets(
  {instances, damaged}: Choice,
  word: string,
  classes: CommandClasses,
  runs: (instance: Instance) => boolean,
): Settled {
  const disabled = instances.filter((each) => !each.multi_instance_enable)
  const commandClass = classOf(word, classes)
  if (commandClass === 'other') return {taking: instances, remarks: []}
  if (commandClass === 'start') {
    return {
      taking: instances,
      remarks: disabled.map((each) => `${label(each)} is disabled: checked in place of started`),
    }
  }
  const taking = instances.filter((each) => each.multi_instance_enable)
  const [first] = disabled
  if (first !== undefined && taking.length === 0 && damaged.length === 0) throw nothingLeft(first, disabled, word)
  const remarks = disabled.map((each) => {
    return `${label(each)} is disabled: left alone${runs(each) ? `, although it runs; try: ${typed(reach(each, word))}` : ''}`
  })
  return {taking, remarks}
}

function nothingLeft(first: Instance, disabled: Instance[], word: string): Refusal {
  const message =
    disabled.length === 1
      ? `${label(first)} is disabled, and '${word}' is for enabled instances`
      : `These are all disabled, and '${word}' is for enabled instances: ${disabled.map(label).join(', ')}`
  return new Refusal(message, {
    suggestions: [reach(first, word), suggest`postmulti instances enable ${operandOf(first)}`],
  })
}

/** A command that does not care for the switch. */
function reach(instance: Instance, word: string): string[] {
  return suggest`postmulti instances run --instance ${operandOf(instance)} -- postfix ${word}`
}
