/**
 * Taking back a change that is over: what it touched is brought back as it was, if it has not changed since.
 * Postfix knows no undo.
 */

import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import {type BeforeImage, isNothing, type PathImage, pathOf} from '../model/change/before-image.ts'
import {isIn} from '../model/change/directories.ts'
import type {Host, RemovalFacts, UndoFacts} from '../model/change/facts.ts'
import {
  type ChangeHistory,
  describeBeginning,
  type Mark,
  type PastChange,
  type WholeChange,
} from '../model/change/past.ts'
import type {Plan, Step} from '../model/change/plan.ts'
import {commandsAgainst, type PluginsRequest} from '../model/change/plugin-change.ts'
import type {Action, UndoRequest} from '../model/change/request.ts'
import {pathsOfStep} from '../model/change/step-paths.ts'
import {type Instance, label, readable} from '../model/instance/instance.ts'
import {checkNoMail, suggestStop} from './destroy-or-deport.ts'
import {restoredList} from './restored-list.ts'

const suggestions = [suggest`postmulti history`]

/** The last change that still stands, or the one with this id. */
export function findPast({changes, unreadable}: ChangeHistory, id: string | undefined): PastChange {
  if (id !== undefined) {
    const found = changes.find((each) => each.id === id)
    const fault = unreadable.find((each) => each.id === id)
    if (fault !== undefined) throw new Refusal(fault.why, {suggestions})
    if (found === undefined) throw new Refusal(`No change ${id} in the history`, {suggestions, kind: 'not found'})
    const main = mainOf(found, changes)
    if (main !== found) return findPast({changes, unreadable}, main.id)
    if (found.begin.request.action === 'plugins') {
      throw new Refusal(`The change ${id} is the ${describeBeginning(found.begin)}, which has a command of its own`, {
        suggestions: commandsAgainst(found.begin.request),
      })
    }
    if (found.end === 'unknown') throw new Refusal(explainUnknown(found), {suggestions})
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
  const unsure = changes.findLast(({end}, at) => end === 'unknown' && at > lastAt)
  if (unsure !== undefined) {
    throw new Refusal(`${explainUnknown(unsure)}, and it may be the last one: say which one to take back`, {
      suggestions: [suggest`postmulti history ${unsure.id}`, ...suggestions],
    })
  }
  if (last === undefined) throw new Refusal('There is nothing to undo', {suggestions})
  return last
}

/** Its record was cut off, by a full disk or by hand. */
function explainUnknown({id, begin}: PastChange): string {
  return `The record of the ${describeBeginning(begin)} (change ${id}) has no end: whether it took place is not known`
}

/** The one that undo takes back by default. */
export function findLastStanding(history: readonly PastChange[]): PastChange | undefined {
  const takenBack = findTakenBack(history)
  return history.findLast((each) => {
    const {id, begin, end, idle = false} = each
    if (end !== 'done' || idle || takenBack.has(id)) return false
    return begin.request.action !== 'undo' && begin.request.action !== 'plugins' && mainOf(each, history) === each
  })
}

/** Changes of plugins that are newer; of those that are about the same ones the last. */
export function findPassedOver(history: readonly PastChange[]): PluginsRequest[] {
  const last = findLastStanding(history)
  const newer = history.slice(last === undefined ? 0 : history.indexOf(last)).flatMap(({begin, end}) => {
    return begin.request.action === 'plugins' && end === 'done' ? [begin.request] : []
  })
  return [...new Map(newer.map((each) => [each.plugins.map(({name}) => name).join(' '), each])).values()]
}

/** What site plugins did after a change belongs to it: one command is one undo. */
function mainOf(change: PastChange, history: readonly PastChange[]): PastChange {
  if (change.begin.afterwards === undefined) return change
  const before = history.slice(0, history.indexOf(change)).findLast(({begin}) => begin.afterwards === undefined)
  const marksOf = ({begin: {pid, config_directory, request}}: PastChange): string =>
    `${pid} ${request.action} ${config_directory}`
  return before !== undefined && marksOf(before) === marksOf(change) ? before : change
}

/** The change, then what belongs to it and stands. */
export function findParts(change: PastChange, history: readonly PastChange[]): [PastChange, ...PastChange[]] {
  const takenBack = findTakenBack(history)
  const others = history.filter((each) => each !== change && mainOf(each, history) === change)
  return [change, ...others.filter(({id, end}) => end === 'done' && !takenBack.has(id))]
}

/** As if it had been one: where two have touched a path, it is as the later one left it. */
export function joinParts([main, ...others]: readonly [WholeChange, ...WholeChange[]]): WholeChange {
  const parts = [main, ...others]
  const marks = new Map(parts.flatMap(({after}) => after.map(({path, mark}) => [path, mark] as const)))
  return {
    ...main,
    traces: parts.flatMap(({traces}) => traces),
    after: [...marks].map(([path, mark]) => ({path, mark})),
    left: parts.flatMap(({left}) => left),
  }
}

/** The ids of changes that are undone; one whose undo was undone stands again. */
export function findTakenBack(history: readonly PastChange[]): Set<string> {
  const takenBack = new Set<string>()
  const undone = new Map<string, string>()
  for (const {id, begin, end} of history) {
    if (begin.request.action !== 'undo' || end !== 'done' || begin.request.id === undefined) continue
    if (begin.afterwards !== undefined) continue
    takenBack.add(begin.request.id)
    undone.set(id, begin.request.id)
    const again = undone.get(begin.request.id)
    if (again !== undefined) takenBack.delete(again)
  }
  for (const each of history) if (takenBack.has(mainOf(each, history).id)) takenBack.add(each.id)
  return takenBack
}

/** The instance that goes when this change is taken back; it must not run then. */
export function findUndoneInstance({begin}: PastChange, {list}: Host): Instance | undefined {
  const {action} = begin.request
  if (action !== 'create' && action !== 'import') return undefined
  return readable(list).find((each) => each.config_directory === begin.config_directory)
}

/** What Postfix has made of the instance since goes with it. */
export function planUndo(request: UndoRequest, host: Host, {past, present, listed, removal: facts}: UndoFacts): Plan {
  const {begin, traces, after} = past
  const what = describeBeginning(begin)
  const target = findUndoneInstance(past, host)
  if (target !== undefined && facts?.running) {
    const name = label(target)
    throw new Refusal(`Cannot undo the ${what}: ${name} is running`, {
      kind: 'conflict',
      explained: `The ${what} was not undone: ${name} is running`,
      suggestions: [suggestStop(target)],
    })
  }
  // Where the queue was there before, it stays, with its mail.
  const isQueueMade = traces.some((each) => each.was === 'absent' && each.path === target?.queue_directory)
  if (target !== undefined && facts !== undefined && isQueueMade) {
    checkNoMail(target, facts.messages, `the ${what} was not undone`)
  }
  const isRemovable = (path: string): boolean => facts?.removable.some((each) => isIn(path, each.path)) ?? false
  // Copies of the host's files are brought up to date whenever the instance starts.
  const mayChange = ({path, mark}: Mark): boolean =>
    target !== undefined &&
    isQueueMade &&
    mark.startsWith('100') &&
    isIn(path, target.queue_directory) &&
    isRemovable(path)
  const now = new Map(present.marks.map(({path, mark}) => [path, mark]))
  const touched = after.flatMap((each) => (now.get(each.path) === each.mark || mayChange(each) ? [] : [each.path]))
  const inTheWay = [
    ...touched.filter((path) => !canBeForced(path, traces)),
    ...present.appeared.filter((each) => !isRemovable(each)),
  ]
  const changed = (request.force === true ? [] : touched)[0] ?? inTheWay[0]
  if (changed !== undefined) {
    const forced = inTheWay.length === 0 ? [suggest`postmulti undo ${past.id} --force --dry-run`] : []
    throw new Refusal(`Cannot undo the ${what}: ${changed} has changed since`, {
      kind: 'conflict',
      explained: `The ${what} was not undone: ${changed} has changed since`,
      suggestions: [suggest`postmulti history ${past.id}`, ...forced],
    })
  }
  const backwards = traces.toReversed()
  const there = after.filter(({mark}) => mark !== 'absent').map(({path}) => path)
  const whole = removeWhole(traces, present.appeared, there, facts?.removable ?? [])
  // Where a program could have made something, and has not.
  const isIdle = (each: PathImage): boolean => each.was === 'tree' && isNothing(each) && !there.includes(each.path)
  return {
    request: {...request, id: past.id},
    config_directory: begin.config_directory,
    before: host.list,
    after: restoredList(traces, host, listed),
    steps: [
      ...backwards
        .filter((each) => each.was !== 'program' && !isIdle(each) && !whole.some(({path}) => isIn(pathOf(each), path)))
        .map(restoreStep),
      ...whole,
      ...backwards.filter(isUndoable).map(restoreStep),
    ],
    // findPast() lets no change of plugins get here.
    effect: oppositeOf(begin.effect ?? (begin.request.action as Action)),
    also: (begin.also ?? []).map(({action, subjects}) => ({action: oppositeOf(action), subjects})),
    warnings: [],
  }
}

/** What lies now where a directory was removed is not ours to put aside. What a file is now, the undo keeps itself. */
function canBeForced(path: string, traces: readonly BeforeImage[]): boolean {
  return !traces.some((each) => each.was === 'moved' && each.path === path)
}

/** Directories that the change made, and in which there is by now what Postfix has made: they go with all that is in them. */
function removeWhole(
  traces: readonly BeforeImage[],
  appeared: readonly string[],
  there: readonly string[],
  removable: RemovalFacts['removable'],
): Extract<Step, {do: 'remove'}>[] {
  const made = traces.flatMap((each) => (each.was === 'absent' ? [each.path] : []))
  const tops = made.filter(
    (path) => appeared.some((each) => isIn(each, path)) && !made.some((each) => each !== path && isIn(path, each)),
  )
  return tops.map((path) => {
    const below = [...new Set([...made, ...there, ...appeared])].filter((each) => each !== path && isIn(each, path))
    const isCache = removable.some((each) => each.anew === true && isIn(path, each.path))
    const holds = below.map((each) => each.slice(path.length + 1))
    return {do: 'remove', path, holds, ...(isCache ? {anew: true} : {})}
  })
}

function restoreStep(trace: BeforeImage) {
  return {do: 'restore', trace} as const
}

/**
 * Of what site plugins want to be done besides: all but what concerns the configuration of the instance and the paths
 * that the undo brings back. They have the bytes that they had, which a program might not make again.
 */
export function besidesUndo(steps: readonly Step[], {request, config_directory, steps: own}: Plan): Step[] {
  if (request.action !== 'undo') return [...steps]
  const traces = own.flatMap((each) => (each.do === 'restore' && each.trace.was !== 'program' ? [each.trace] : []))
  const isBroughtBack = (path: string): boolean =>
    isIn(path, config_directory) ||
    traces.some((each) => {
      const isWhole = each.was === 'moved' || each.was === 'tree' || each.was === 'absent'
      return pathOf(each) === path || (isWhole && isIn(path, pathOf(each)))
    })
  return steps.filter((each) => !pathsOfStep(each).some(isBroughtBack))
}

/** Programs run when all else is as it was. */
function isUndoable(trace: BeforeImage): boolean {
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
