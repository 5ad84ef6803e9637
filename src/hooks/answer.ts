/** What a plugin has answered, in the engine's own terms. Its shape has been checked before. */
import type {Answer, Finding as ApiFinding, Step as ApiStep, Owner} from '@postmulti/plugin-api'
import type {PluginFinding} from '../ask.ts'
import {fromPlugin} from '../model/base/suggestion.ts'
import {toLatin1} from '../model/base/text.ts'
import type {Step} from '../model/change/plan.ts'

export interface Opinion {
  plugin: string
  findings: PluginFinding[]
  first: Step[]
  last: Step[]
}

export function toOpinion(answer: Answer, plugin: string): Opinion {
  const steps = answer.filter((each): each is ApiStep => 'do' in each)
  const findings = answer.filter((each): each is ApiFinding => 'verdict' in each)
  return {
    plugin,
    findings: findings.map((each) => toFinding(each, plugin)),
    first: steps.filter((each) => each.first === true).map((each) => toStep(each, plugin)),
    last: steps.filter((each) => each.first !== true).map((each) => toStep(each, plugin)),
  }
}

/** A plugin on trial refuses nothing and changes nothing. */
export function onTrial({plugin, findings}: Opinion): Opinion {
  return {plugin, findings: findings.map((each) => ({...each, verdict: 'note'})), first: [], last: []}
}

function toFinding({verdict, message, rule, suggestions, instance}: ApiFinding, plugin: string): PluginFinding {
  return {
    plugin,
    verdict,
    message,
    rule: rule ?? null,
    suggestions: (suggestions ?? []).map(fromPlugin),
    instance: instance ?? null,
  }
}

function toStep(step: ApiStep, by: string): Step {
  switch (step.do) {
    case 'make directory':
      return {do: step.do, path: step.path, mode: step.mode ?? 0o755, ...ownerPart(step), by}
    case 'write file': {
      const {path, text, mode = 0o644} = step
      return {do: step.do, path, bytes: toLatin1(text), mode, ...ownerPart(step), by}
    }
    case 'remove file':
      return {do: 'remove', path: step.path, holds: [], by}
    case 'link':
      return {do: step.do, path: step.path, target: step.target, by}
    case 'add line':
    case 'remove line':
      return {do: step.do, path: step.path, line: toLatin1(step.line), by}
    case 'set parameter': {
      const {config_directory, name, value} = step
      const edit = value === null ? {set: {}, unset: [name]} : {set: {[name]: value}}
      return {do: 'edit main.cf', config_directory, ...edit, by}
    }
    case 'run program': {
      const {words, directory = '/', changes = [], undo = []} = step
      return {do: step.do, words: [...words], directory, changes: [...changes], undo: [...undo], by}
    }
  }
}

function ownerPart({owner}: {readonly owner?: Owner}): {owner?: Owner} {
  return owner === undefined ? {} : {owner}
}
