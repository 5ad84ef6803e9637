/** Whether plugins want the same: two that set one parameter or write one file differently stop the change. */
import type {PluginFinding} from '../ask.ts'
import {fromBytes} from '../model/base/text.ts'
import type {Step} from '../model/change/plan.ts'
import type {Opinion} from './answer.ts'

/** What a step makes of a place, in a form that can be compared. */
interface StepEffect {
  place: string
  becomes: string
}

/** One refusal for each place that two plugins want differently; it is of the later one and names both. */
export function findDisagreements(opinions: readonly Opinion[]): PluginFinding[] {
  const wishes = new Map<string, {becomes: string; plugin: string}>()
  return opinions.flatMap(({plugin, first, last}) =>
    [...first, ...last].flatMap(wishesOf).flatMap(({place, becomes}): PluginFinding[] => {
      const earlier = wishes.get(place)
      if (earlier === undefined || earlier.plugin === plugin) wishes.set(place, {becomes, plugin})
      if (earlier === undefined || earlier.plugin === plugin || earlier.becomes === becomes) return []
      const message = `plugins ${earlier.plugin} and ${plugin} want ${place} differently`
      return [{plugin, verdict: 'refuse', message, rule: null, suggestions: [], instance: null}]
    }),
  )
}

/** Without what an earlier plugin wants in the same way. */
export function uniqueSteps(steps: readonly Step[]): Step[] {
  const seen = new Set<string>()
  return steps.filter(({by, ...step}) => {
    const key = JSON.stringify(step)
    return seen.size < seen.add(key).size
  })
}

function wishesOf(step: Step): StepEffect[] {
  switch (step.do) {
    case 'edit main.cf': {
      const place = (name: string): string => `${name} in ${step.config_directory}/main.cf`
      return [
        ...Object.entries(step.set).map(([name, value]) => ({place: place(name), becomes: `= ${value}`})),
        ...(step.unset ?? []).map((name) => ({place: place(name), becomes: 'unset'})),
      ]
    }
    case 'add line':
    case 'remove line':
      return [{place: `the line ${fromBytes(step.line)} in ${step.path}`, becomes: step.do}]
    case 'write file':
    case 'link':
    case 'remove': {
      const {by, ...wish} = step
      return [{place: step.path, becomes: JSON.stringify(wish)}]
    }
    default:
      return []
  }
}
