/**
 * Taking back a change that is over: what it touched is brought back as it was, if nobody has touched it since.
 * Postfix knows no undo.
 */
import {Refusal} from '../model/errors.ts'
import type {InstanceList} from '../model/instance.ts'
import type {PastChange, Present} from '../model/past.ts'
import type {Plan} from '../model/plan.ts'
import type {UndoRequest} from '../model/request.ts'

/** The last change that still stands, or the one with this id. */
export function findPast(history: readonly PastChange[], id: string | undefined): PastChange {
  const suggestions = ['postmulti history']
  if (id !== undefined) {
    const found = history.find((each) => each.id === id)
    if (found === undefined) throw new Refusal(`No change ${id} in the history`, {suggestions})
    if (found.end !== 'done') throw new Refusal(`The change ${id} did not take place`, {suggestions})
    return found
  }
  const takenBack = new Set(
    history.flatMap(({begin: {request}, end}) => (request.action === 'undo' && end === 'done' ? [request.id] : [])),
  )
  const last = history.findLast(
    (each) => each.end === 'done' && each.begin.request.action !== 'undo' && !takenBack.has(each.id),
  )
  if (last === undefined) throw new Refusal('There is nothing to undo', {suggestions})
  return last
}

export function planUndo(request: UndoRequest, past: PastChange, present: Present, list: InstanceList): Plan {
  const {begin, traces, after} = past
  const what = `${begin.request.action} of ${begin.config_directory}`
  const now = new Map(present.marks.map(({path, mark}) => [path, mark]))
  const changed = after.find(({path, mark}) => now.get(path) !== mark)?.path ?? present.newcomers[0]
  if (changed !== undefined) {
    throw new Refusal(`Cannot undo the ${what}: ${changed} has changed since`, {
      explained: `The ${what} was not undone: ${changed} has changed since`,
      suggestions: ['postmulti history'],
    })
  }
  return {
    request: {...request, id: past.id},
    config_directory: begin.config_directory,
    before: list,
    after: list,
    steps: traces.toReversed().map((trace) => ({do: 'restore', trace})),
    warnings: [],
  }
}
