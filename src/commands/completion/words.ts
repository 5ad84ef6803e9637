import {rules} from '../../check/rules/index.ts'
import {readChanges} from '../../engine.ts'
import {readText} from '../../files/read.ts'
import type {Candidate, Completed, Live} from '../../help/candidate.ts'
import {complete} from '../../help/complete.ts'
import {readRoster} from '../../hooks/roster.ts'
import {pluginModes} from '../../hooks/settings.ts'
import {withoutControls} from '../../model/base/controls.ts'
import {typed} from '../../model/base/typed.ts'
import {type Instance, operandOf, readable} from '../../model/instance/instance.ts'
import {select} from '../../model/instance/selection.ts'
import {qualifiedId} from '../../model/mail/queued-message.ts'
import {servicesIn} from '../../model/master-cf/master-cf.ts'
import {builtInParameters, ownParameters} from '../../postfix/parameters/known-parameters.ts'
import {readHostSilently} from '../../postfix/reader/list.ts'
import {findMessages} from '../../postfix/state/queues.ts'
import {columnNames} from '../../report/instances.ts'
import {describeRequest} from '../../report/request.ts'
import {PostmultiCommand} from '../shared/base.ts'

/** `postmulti completion words -- WORD...`: what the completion scripts ask at each TAB. It never complains. */
export default class CompletionWords extends PostmultiCommand {
  static override summary = 'Print what may stand in place of the last word.'
  static override hidden = true
  static override strict = false

  async run(): Promise<Completed> {
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
  const instances = (): Instance[] => readable(readHostSilently().list)
  const words = (read: () => Iterable<string>): Candidate[] => orNone(() => [...new Set(read())].map(toPlain))
  return {
    names: () => orNone(() => instances().map(toCandidate)),
    groups: () => words(() => instances().flatMap((each) => each.multi_instance_group || [])),
    plugins: () => orNone(() => readRoster().map(({name, version}) => ({word: name, about: withoutControls(version)}))),
    parameters: (names) =>
      words(() => {
        const {primary, list} = readHostSilently()
        const meant = names.flatMap((name) => select(list, {by: 'name', name}))
        const owners = meant.length > 0 ? meant : [list.primary]
        return [...builtInParameters(primary), ...owners.flatMap((each) => ownParameters(primary, each))]
      }),
    rules: () => orNone(() => rules.map(({id, because}) => ({word: id, about: because}))),
    changes: () =>
      orNone(() => {
        const past = readChanges().changes.toReversed()
        return past.map(({id, begin}) => ({
          word: id,
          about: withoutControls(describeRequest(begin.request, begin.config_directory)),
        }))
      }),
    messages: () =>
      words(() =>
        instances().flatMap((instance) => {
          const ids = [...findMessages(instance.queue_directory).keys()]
          return ids.map((queue_id) => qualifiedId({instance, queue_id}))
        }),
      ),
    services: () =>
      words(() => {
        const {primary} = readHostSilently()
        return servicesIn(readText(`${primary.parameter('meta_directory')}/master.cf.proto`, 'latin1'))
      }),
    columns: () => words(() => columnNames),
    pluginSettings: () =>
      words(() => [...pluginModes.map((each) => `mode=${each}`), 'priority=', 'timeout=', 'settings.']),
  }
}

/** Shells put a word into the line as it is: one that would have to be quoted is skipped. */
function orNone(read: () => Candidate[]): Candidate[] {
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
