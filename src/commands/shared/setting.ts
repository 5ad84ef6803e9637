/** What set, unset and edit share: which instances, and what a running one needs afterwards. */
import {Args, Flags} from '@oclif/core'
import {Mistake} from '../../help/mistake.ts'
import type {Plan} from '../../model/change/plan.ts'
import type {Action, EditRequest, SetRequest} from '../../model/change/request.ts'
import {type Instance, type InstanceList, label, readable} from '../../model/instance/instance.ts'
import {type Selection, select} from '../../model/instance/selection.ts'
import {isKnownParameter} from '../../plan/parameters.ts'
import {changedParameters, reloadOrRestart} from '../../plan/set.ts'
import {readKnownParameters} from '../../postfix/parameters/known-parameters.ts'
import type {Primary} from '../../postfix/reader/primary.ts'
import {isRunning} from '../../postfix/survey/facts.ts'
import {exitStatus, type PostmultiCommand} from './base.ts'
import {type ChangeFlags, type ChangeJson, change} from './change.ts'
import {type Needs, nextStep} from './next-step.ts'

export const targetFlags = {
  group: Flags.string({char: 'g', description: 'All instances of this group.', exclusive: ['all']}),
  all: Flags.boolean({char: 'a', description: 'All instances, the primary too.'}),
}

export const forceFlag = {
  force: Flags.boolean({description: 'Write also a value that the programs of Postfix cannot read.'}),
}

export function withForce({force}: {force: boolean}): {force?: true} {
  return force ? {force} : {}
}

export function wordsArgument(description: string) {
  return Args.string({description, required: true, multiple: true, ignoreStdin: true})
}

/** How many of the words, first of all, are names of instances. What is a parameter of Postfix is none. */
export function countNames(words: readonly string[], list: InstanceList, primary: Primary): number {
  const isInstance = (word: string): boolean => select(list, {by: 'name', name: word}).length > 0
  const known = readKnownParameters(primary, [list.primary], words.filter(isInstance))
  const isName = (word: string): boolean => isInstance(word) && !isKnownParameter(word, known, list.primary)
  const end = words.findIndex((each, at) => at > 0 && !isName(each))
  return end < 0 ? words.length : end
}

/** What --json prints: besides the change, what the instances that run need to know of it. */
export interface SettingJson extends ChangeJson {
  /** Null when none of them runs. */
  needs: Needs | null
  /** The config_directories of those that run. */
  running: string[]
}

export function toTargets(names: string[], {group, all}: {group?: string | undefined; all: boolean}): Selection[] {
  const wishes = [names.length > 0, group !== undefined, all].filter(Boolean).length
  if (wishes !== 1) throw new Mistake('missing instances: pass names, --group GROUP or --all')
  if (all) return [{by: 'all'}]
  return group === undefined ? names.map((name) => ({by: 'name', name})) : [{by: 'group', group}]
}

export async function changeSettings(
  command: PostmultiCommand,
  request: SetRequest | EditRequest,
  flags: ChangeFlags,
): Promise<SettingJson> {
  const next: Pick<SettingJson, 'needs' | 'running'> = {needs: null, running: []}
  const changed = await change(
    command,
    request,
    flags,
    (plan) => {
      const touched = instancesOf(plan)
      const running = touched.filter(isRunning)
      const needs = running.length === 0 ? null : reloadOrRestart(changedParameters(request))
      Object.assign(next, {needs, running: running.map((each) => each.config_directory)})
      const file = request.action === 'edit' ? request.file : 'main.cf'
      const asTheyAre = (each: Instance): Instance => findReadable(plan.after, each.config_directory) ?? each
      const names = touched.map((each) => label(asTheyAre(each))).join(', ')
      return `Changed ${file} of ${names}.${describeEffects(plan)}${nextStep(needs, running.map(asTheyAre))}`
    },
    request.action === 'set' ? {nothing: 'Nothing to do: it is so already.'} : {},
  )
  if (leftOut(request, changed)) command.status = exitStatus.partly
  return {...changed, ...next}
}

/** One that cannot be read may have been meant. */
function leftOut(request: SetRequest | EditRequest, {plan: {before}}: ChangeJson): boolean {
  const isNamed = request.action === 'edit' || request.targets.every(({by}) => by === 'name')
  return !isNamed && before.some((each) => 'reason' in each)
}

function instancesOf({steps, before, after}: Plan): Instance[] {
  const paths = new Set(
    steps.map((each) => ('config_directory' in each ? `${each.config_directory}/` : 'path' in each ? each.path : '')),
  )
  // One that could not be read before is as it is now.
  return [
    ...readable(before),
    ...readable(after).filter((each) => findReadable(before, each.config_directory) === undefined),
  ].filter(({config_directory}) => [...paths].some((each) => each.slice(0, each.lastIndexOf('/')) === config_directory))
}

function findReadable(list: InstanceList, config_directory: string): Instance | undefined {
  return readable(list).find((each) => each.config_directory === config_directory)
}

/** What somebody who has edited a file may not have meant. */
function describeEffects({also = [], before, after}: Plan): string {
  return also
    .map(({action, subjects}) => {
      const names = subjects.map((each) => {
        const instance = findReadable(after, each) ?? findReadable(before, each)
        return instance === undefined ? each : label(instance)
      })
      return ` ${whatIsSo[action] ?? action}: ${names.join(', ')}.`
    })
    .join('')
}

const whatIsSo: Partial<Record<Action, string>> = {
  enable: 'Enabled now',
  disable: 'Disabled now',
  assign: 'Another name, group or place now',
  import: 'In the list now',
  deport: 'Off the list now',
  init: 'With another wrapper now',
}
