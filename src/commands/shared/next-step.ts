/** How instances that run get to know of a change, and what to type for it. */

import {suggest} from '../../model/base/suggestion.ts'
import {typed} from '../../model/base/typed.ts'
import {pathOf} from '../../model/change/before-image.ts'
import type {Beginning, PastChange} from '../../model/change/past.ts'
import type {Plan} from '../../model/change/plan.ts'
import {type Instance, operandOf, readable} from '../../model/instance/instance.ts'
import {changedParameters, reloadOrRestart} from '../../plan/set.ts'
import {isRunning} from '../../postfix/survey/facts.ts'

export type Needs = ReturnType<typeof reloadOrRestart>

/** Null, or no instance: nothing is to be said. */
export function nextStep(needs: Needs | null, running: readonly Instance[]): string {
  if (needs === null || running.length === 0) return ''
  const next = typed(suggest`postmulti instances ${needs} ${running.map(operandOf)}`)
  return needs === 'reload' ? ` Next: ${next}` : ` A reload is not enough for this. Next: ${next}`
}

/** After an undo: `history` has the change that it took back. */
export function nextAfterUndo({request, steps, after}: Plan, history: readonly PastChange[]): string {
  const restored = steps.flatMap((each) =>
    each.do === 'restore' && each.trace.was !== 'program' ? pathOf(each.trace) : [],
  )
  const touched = readable(after).filter(({config_directory}) =>
    ['main.cf', 'master.cf'].some((each) => restored.includes(`${config_directory}/${each}`)),
  )
  return nextStep(needsOf(request, history), touched.filter(isRunning))
}

/** Null for what only this program and postmulti(1) read. */
export function needsOf(request: Beginning['request'], history: readonly PastChange[]): Needs | null {
  switch (request.action) {
    case 'set':
    case 'edit':
      return reloadOrRestart(changedParameters(request))
    case 'fix':
      return 'reload'
    case 'assign':
      return request.newName === undefined ? null : 'reload'
    case 'undo': {
      const past = history.find(({id}) => id === request.id)
      return past === undefined ? null : needsOf(past.begin.request, history)
    }
    default:
      return null
  }
}
