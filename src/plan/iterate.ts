/**
 * Which instances a command of postfix(1) reaches, in which order, and with which word.
 * Source: iterate_postfix_command() in postmulti.c; postconf(5), postmulti_start_commands and its two neighbours.
 */
import type {Instance} from '../model/instance/instance.ts'

/** The site's own classes, as main.cf has them: words separated by commas or white space. */
export interface CommandClasses {
  postmulti_start_commands: string
  postmulti_stop_commands: string
  postmulti_control_commands: string
}

export interface InstanceRun {
  instance: Instance
  /** The words for postfix(1). */
  words: string[]
}

export type CommandClass = 'start' | 'stop' | 'control' | 'other'

/**
 * A disabled instance is checked in place of being started, and skipped by what needs a running one, unless it is
 * reached all the same; stopping goes backwards. `instances` are in start order.
 */
export function planRuns(
  instances: Instance[],
  words: string[],
  classes: CommandClasses,
  reach: 'enabled' | 'all' = 'enabled',
): InstanceRun[] {
  const [word = '', ...rest] = words
  const reached = instances.filter((each) => reach === 'all' || each.multi_instance_enable)
  switch (classOf(word, classes)) {
    case 'start':
      return instances.map((each) => ({instance: each, words: each.multi_instance_enable ? words : ['check', ...rest]}))
    case 'stop':
      return runs(reached.toReversed())
    case 'control':
      return runs(reached)
    case 'other':
      return runs(instances)
  }

  function runs(chosen: Instance[]): InstanceRun[] {
    return chosen.map((instance) => ({instance, words}))
  }
}

/** The first class that has the word. */
export function classOf(word: string, classes: CommandClasses): CommandClass {
  if (hasWord(classes.postmulti_start_commands, word)) return 'start'
  if (hasWord(classes.postmulti_stop_commands, word)) return 'stop'
  return hasWord(classes.postmulti_control_commands, word) ? 'control' : 'other'
}

function hasWord(list: string, word: string): boolean {
  return word !== '' && list.split(/[\s,]+/).includes(word)
}
