/** What set, unset and edit share: which instances, and what a running one needs afterwards. */
import {Args, Flags} from '@oclif/core'
import {type Instance, label, operandOf, readable} from '../model/instance.ts'
import type {Plan} from '../model/plan.ts'
import type {EditRequest, SetRequest} from '../model/request.ts'
import type {Selection} from '../model/selection.ts'
import {suggest} from '../model/suggestion.ts'
import {typed} from '../model/typed.ts'
import {changedParameters, reloadOrRestart} from '../plan/set.ts'
import {isRunning} from '../postfix/facts.ts'
import {exitStatus} from './base.ts'
import {type Change, ChangeCommand, type ChangeFlags} from './change.ts'

export const targetFlags = {
  group: Flags.string({char: 'g', description: 'All instances of this group.', exclusive: ['all']}),
  all: Flags.boolean({char: 'a', description: 'All instances, the primary too.'}),
}

export function wordsArgument(description: string) {
  return Args.string({description, required: true, multiple: true, ignoreStdin: true})
}

/** What --json prints: besides the change, what the instances that run need to know of it. */
export interface Setting extends Change {
  /** Null when none of them runs. */
  needs: 'reload' | 'restart' | null
  /** The config_directories of those that run. */
  running: string[]
}

export abstract class SettingCommand extends ChangeCommand {
  protected toTargets(names: string[], {group, all}: {group?: string | undefined; all: boolean}): Selection[] {
    const wishes = [names.length > 0, group !== undefined, all].filter(Boolean).length
    if (wishes !== 1) this.usage('Say which instances: by their names, or by --group, or --all')
    if (all) return [{by: 'all'}]
    return group === undefined ? names.map((name) => ({by: 'name', name})) : [{by: 'group', group}]
  }

  protected async changeSettings(request: SetRequest | EditRequest, flags: ChangeFlags): Promise<Setting> {
    const next: Pick<Setting, 'needs' | 'running'> = {needs: null, running: []}
    const change = await this.change(request, flags, (plan) => {
      const touched = instancesOf(plan)
      const running = touched.filter(isRunning)
      const needs = running.length === 0 ? null : reloadOrRestart(changedParameters(request))
      Object.assign(next, {needs, running: running.map((each) => each.config_directory)})
      const file = request.action === 'edit' ? request.file : 'main.cf'
      return `Changed ${file} of ${touched.map(label).join(', ')}.${nextStep(needs, running)}`
    })
    this.#confessLeftOut(request, change)
    return {...change, ...next}
  }

  /** One that cannot be read may have been meant. */
  #confessLeftOut(request: SetRequest | EditRequest, {plan: {before}}: Change): void {
    if (request.action === 'edit' || request.targets.every(({by}) => by === 'name')) return
    if (before.some((each) => 'reason' in each)) process.exitCode = exitStatus.partly
  }
}

function instancesOf({steps, before}: Plan): Instance[] {
  const paths = new Set(
    steps.map((each) => ('config_directory' in each ? `${each.config_directory}/` : 'path' in each ? each.path : '')),
  )
  return readable(before).filter(({config_directory}) =>
    [...paths].some((each) => each.slice(0, each.lastIndexOf('/')) === config_directory),
  )
}

function nextStep(needs: Setting['needs'], running: Instance[]): string {
  if (needs === null) return ''
  const next = typed(suggest`postmulti instances ${needs} ${running.map(operandOf)}`)
  return needs === 'reload' ? ` Next: ${next}` : ` A reload is not enough for this. Next: ${next}`
}
