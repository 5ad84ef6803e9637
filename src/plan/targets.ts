/** Which instances a command of postfix(1) is for: those that were named, those of a group, or all. */
import {Refusal} from '../model/errors.ts'
import {type Damaged, damaged, type Instance, type InstanceList, type Listed, label} from '../model/instance.ts'
import {mayMean, type Selection, select} from '../model/selection.ts'
import {typed} from '../model/typed.ts'
import {noInstance} from './existing.ts'
import {type CommandClasses, classOf} from './iterate.ts'

export interface Targets {
  /** In start order. */
  instances: Instance[]
  /** Listed, and possibly meant; in start order. */
  unreadable: Damaged[]
}

/** Refuses what is nobody's name, and a group without members. */
export function chooseTargets(selections: readonly Selection[], list: InstanceList): Targets {
  const found = selections.flatMap((each) => choose(each, list))
  return {
    instances: select(list, {by: 'all'}).filter((each) => found.includes(each)),
    unreadable: damaged(list).filter((each) => found.includes(each)),
  }
}

function choose(selection: Selection, list: InstanceList): Listed[] {
  const instances = select(list, selection)
  const unreadable = damaged(list).filter((each) => mayMean(selection, each, instances.length > 0))
  if (selection.by === 'name' && instances.length === 0) {
    // A damaged instance has lost its name: any other name is rather a typing error than meant for it.
    const named = unreadable.filter((each) => each.config_directory === selection.name)
    if (named.length === 0) throw noInstance(selection.name, list)
    return named
  }
  if (selection.by === 'group' && instances.length === 0) {
    throw new Refusal(`No instance in group ${selection.group}`, {suggestions: ['postmulti instances'], mistake: true})
  }
  return [...instances, ...unreadable]
}

export interface Settled {
  /** Those that get a turn, in start order. */
  taking: Instance[]
  /** What becomes of the disabled ones. */
  remarks: string[]
}

/** Refuses when the word leaves all of them alone, because they are disabled. */
export function settleTargets(
  {instances, unreadable}: Targets,
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
  if (first !== undefined && taking.length === 0 && unreadable.length === 0) throw nothingLeft(first, disabled, word)
  const remarks = disabled.map((each) => {
    return `${label(each)} is disabled: left alone${runs(each) ? `, although it runs; try: ${reach(each, word)}` : ''}`
  })
  return {taking, remarks}
}

function nothingLeft(first: Instance, disabled: Instance[], word: string): Refusal {
  const message =
    disabled.length === 1
      ? `${label(first)} is disabled, and '${word}' is for enabled instances`
      : `These are all disabled, and '${word}' is for enabled instances: ${disabled.map(label).join(', ')}`
  return new Refusal(message, {suggestions: [reach(first, word), `postmulti instances enable ${label(first)}`]})
}

/** A command that does not care for the switch. */
function reach(instance: Instance, word: string): string {
  return `postmulti instances run --instance ${typed([label(instance)])} -- postfix ${typed([word])}`
}
