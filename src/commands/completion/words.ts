import {type Candidate, type Completion, complete, type Live} from '../../help/complete.ts'
import {readRoster} from '../../hooks/roster.ts'
import {withoutControls} from '../../model/controls.ts'
import {type Instance, operandOf, readable} from '../../model/instance.ts'
import {typed} from '../../model/typed.ts'
import {readInstanceList} from '../../postfix/list.ts'
import {type Primary, readPrimary} from '../../postfix/primary.ts'
import {PostmultiCommand} from '../base.ts'

/** `postmulti completion words -- WORD...`: what the completion scripts ask at each TAB. It never complains. */
export default class CompletionWords extends PostmultiCommand {
  static override summary = 'Print what may stand in place of the last word.'
  static override hidden = true
  static override strict = false

  async run(): Promise<Completion> {
    const words = this.argv.slice(this.argv.indexOf('--') + 1)
    const commands = this.config.commands
      .filter(({hidden}) => !hidden)
      .map(({id, summary, flags, args}) => ({id: id.replaceAll(':', ' '), summary, flags, args}))
    const {candidates, besides} = complete(words, commands, readLive())
    const lines = candidates.map(({word, about}) => `${word}\t${about}`)
    this.log([...lines, ...(besides === undefined ? [] : [`:${besides}`])].join('\n'))
    return {candidates, ...(besides === undefined ? {} : {besides})}
  }
}

/** Empty where the host cannot be read. */
function readLive(): Live {
  const silent = (): void => {}
  const primary = (): Primary => readPrimary('/etc/postfix', silent)
  const instances = (): Instance[] => readable(readInstanceList(primary(), silent))
  return {
    names: () => attempt(() => instances().map(toCandidate)),
    groups: () =>
      attempt(() => [...new Set(instances().map((each) => each.multi_instance_group))].filter(Boolean).map(toPlain)),
    plugins: () =>
      attempt(() => readRoster().map(({name, version}) => ({word: name, about: withoutControls(version)}))),
    parameters: () => attempt(() => Object.keys(primary().defaults.parameters).map(toPlain)),
  }
}

/** Shells put a word into the line as it is: one that would have to be quoted is left out. */
function attempt(read: () => Candidate[]): Candidate[] {
  try {
    return read().filter(({word}) => typed([word]) === word)
  } catch {
    return []
  }
}

function toCandidate(instance: Instance): Candidate {
  const {multi_instance_group, multi_instance_enable} = instance
  const group = multi_instance_group === '' ? '' : `${multi_instance_group}, `
  return {
    word: operandOf(instance),
    about: `${withoutControls(group)}${multi_instance_enable ? 'enabled' : 'disabled'}`,
  }
}

function toPlain(word: string): Candidate {
  return {word, about: ''}
}
