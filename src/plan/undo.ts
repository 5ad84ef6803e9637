/**
 * Taking back a change that is over: what it touched is brought back as it was, if nobody has touched it since.
 * Postfix knows no undo.
 */
import {Refusal} from '../model/errors.ts'
import type {Host} from '../model/facts.ts'
import {type Instance, label, operandOf, readable} from '../model/instance.ts'
import type {History, PastChange, Present, WholeChange} from '../model/past.ts'
import type {Plan} from '../model/plan.ts'
import type {Action, UndoRequest} from '../model/request.ts'
import {suggest} from '../model/suggestion.ts'
import type {Trace} from '../model/trace.ts'
import {restoredList} from './restored-list.ts'

const suggestions = [suggest`postmulti history`]

/** The last change that still stands, or the one with this id. */
export function findPast({changes, unreadable}: History, id: string | undefined): PastChange {
  if (id !== undefined) {
    const found = changes.find((each) => each.id === id)
    const fault = unreadable.find((each) => each.id === id)
    if (fault !== undefined) throw new Refusal(fault.why, {suggestions})
    if (found === undefined) throw new Refusal(`No change ${id} in the history`, {suggestions, mistake: true})
    if (found.end !== 'done') throw new Refusal(`The change ${id} did not take place`, {suggestions})
    if (findTakenBack(changes).has(id)) throw new Refusal(`The change ${id} is undone already`, {suggestions})
    return found
  }
  const last = findLastStanding(changes)
  const lastAt = last === undefined ? -1 : changes.indexOf(last)
  const fault = unreadable.find(({olderChanges}) => olderChanges > lastAt)
  if (fault !== undefined) {
    throw new Refusal(`${fault.why}, and may be the last change: say which one to take back`, {suggestions})
  }
  if (last === undefined) throw new Refusal('There is nothing to undo', {suggestions})
  return last
}

/** The one that undo takes back when nobody says which. */
export function findLastStanding(history: readonly PastChange[]): PastChange | undefined {
  const takenBack = findTakenBack(history)
  return history.findLast(
    ({id, begin, end, idle = false}) =>
      end === 'done' && begin.request.action !== 'undo' && !takenBack.has(id) && !idle,
  )
}

/** The ids of changes that are undone; one whose undo was undone stands again. */
export function findTakenBack(history: readonly PastChange[]): Set<string> {
  const takenBack = new Set<string>()
  const undone = new Map<string, string>()
  for (const {id, begin, end} of history) {
    if (begin.request.action !== 'undo' || end !== 'done' || begin.request.id === undefined) continue
    takenBack.add(begin.request.id)
    undone.set(id, begin.request.id)
    const again = undone.get(begin.request.id)
    if (again !== undefined) takenBack.delete(again)
  }
  return takenBack
}

/** The instance that goes when this change is taken back; it must not run then. */
export function findUndoneInstance({begin}: PastChange, {list}: Host): Instance | undefined {
  const {action} = begin.request
  if (action !== 'create' && action !== 'import') return undefined
  return readable(list).find((each) => each.config_directory === begin.config_directory)
}

export function planUndo(request: UndoRequest, past: WholeChange, present: Present, host: Host): Plan {
  const {begin, traces, after} = past
  const what = `${begin.request.action} of ${begin.config_directory}`
  const leaver = findUndoneInstance(past, host)
  if (present.running && leaver !== undefined) {
    const name = label(leaver)
    throw new Refusal(`Cannot undo the ${what}: ${name} is running`, {
      explained: `The ${what} was not undone: ${name} is running`,
      suggestions: [suggest`postmulti -i ${operandOf(leaver)} -x postfix stop`],
    })
  }
  const now = new Map(present.marks.map(({path, mark}) => [path, mark]))
  const changed = after.find(({path, mark}) => now.get(path) !== mark)?.path ?? present.newcomers[0]
  if (changed !== undefined) {
    throw new Refusal(`Cannot undo the ${what}: ${changed} has changed since`, {
      explained: `The ${what} was not undone: ${changed} has changed since`,
      suggestions,
    })
  }
  const backwards = traces.toReversed()
  return {
    request: {...request, id: past.id},
    config_directory: begin.config_directory,
    before: host.list,
    after: restoredList(traces, host),
    steps: [...backwards.filter(({was}) => was !== 'program'), ...backwards.filter(isUndoable)].map((trace) => {
      return {do: 'restore', trace}
    }),
    effect: oppositeOf(begin.effect ?? begin.request.action),
    also: (begin.also ?? []).map(({action, subjects}) => ({action: oppositeOf(action), subjects})),
    warnings: [],
  }
}

/** Programs run when all else is as it was. */
function isUndoable(trace: Trace): boolean {
  return trace.was === 'program' && trace.undo.length > 0
}

/** What site plugins are asked about. */
function oppositeOf(action: Action): Action {
  return opposites.get(action) ?? action
}

const opposites = new Map<Action, Action>([
  ['create', 'destroy'],
  ['destroy', 'create'],
  ['import', 'deport'],
  ['deport', 'import'],
  ['enable', 'disable'],
  ['disable', 'enable'],
])
