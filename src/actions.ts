/**
 * The table of actions: what each has to know of the host, how it is planned, and what plugins hear of it. A new action is
 * one row. Nothing is changed here.
 */
import {readHistory, readPresent, readWholeChange} from './apply/history.ts'
import {stateDirectory} from './model/base/places.ts'
import {findListed} from './model/change/existing.ts'
import type {EditFacts, Host, NewInstanceFacts, RemovalFacts, UndoFacts} from './model/change/facts.ts'
import type {Finding} from './model/change/finding.ts'
import type {PastChange, WholeChange} from './model/change/past.ts'
import type {Plan} from './model/change/plan.ts'
import type {
  Action,
  EditRequest,
  FixRequest,
  InitRequest,
  NewInstanceRequest,
  Request,
  SetRequest,
  UndoRequest,
} from './model/change/request.ts'
import type {InstanceList} from './model/instance/instance.ts'
import {planCreateOrImport} from './plan/create-or-import.ts'
import {findRemovalTarget, planDestroyOrDeport, type RemovalRequest} from './plan/destroy-or-deport.ts'
import {newlyListed, planEdit} from './plan/edit.ts'
import {planFix} from './plan/fix.ts'
import {planReorder} from './plan/reorder.ts'
import {relistedBy} from './plan/restored-list.ts'
import {planSet} from './plan/set.ts'
import {findParts, findPast, findUndoneInstance, joinParts, planUndo} from './plan/undo.ts'
import {planAssign, planInit, planSwitch} from './plan/update.ts'
import type {Primary} from './postfix/reader/primary.ts'
import {readBecoming} from './postfix/survey/becoming.ts'
import {
  readFileFacts,
  readRemovalFacts,
  readSettingFacts,
  readUnlisted,
  readValueFacts,
} from './postfix/survey/facts.ts'
import {readNewInstanceFacts} from './postfix/survey/new-instance-facts.ts'

/** What rows gather from, besides the host. */
export interface Sources {
  primary: Primary
  /** What one of Postfix's programs printed on stderr, as it printed it. */
  passOn(text: string): void
  /** What these rules find on the host; only for a fix. */
  check(rules: readonly string[], primary: Primary, list: InstanceList): Finding[]
  /** Asked as postmulti(1) is. */
  classic: boolean
  /** What plugins remove besides. */
  gone: readonly string[]
}

/** What plugins are asked before and after. */
export type EventWord = Exclude<Action, 'edit' | 'reorder' | 'undo' | 'fix'>

interface ActionRow<R, Facts> {
  /** All reading. */
  gather(request: R, host: Host, sources: Sources): Facts
  plan(request: R, host: Host, facts: Facts): Plan
  event: EventWord
  /** The config_directories that plugins are asked about; that of the plan when absent. */
  subjects?(plan: Plan): string[]
}

/** A row with its facts gathered in between. */
export interface PlannedAction extends Pick<ActionRow<Request, unknown>, 'event' | 'subjects'> {
  plan(request: Request, host: Host, sources: Sources): Plan
}

const create = row({gather: gatherNewInstance, plan: planCreateOrImport, event: 'create'})
const set = row({
  gather: (request: SetRequest, host, {primary}) => readSettingFacts(request, host, primary),
  plan: planSet,
  event: 'set',
  subjects: ({steps}) => steps.flatMap((each) => (each.do === 'edit main.cf' ? [each.config_directory] : [])),
})

export const actions: Readonly<Record<Action, PlannedAction>> = {
  init: row({gather: nothing, plan: (request: InitRequest, {list}) => planInit(request, list), event: 'init'}),
  create,
  import: {...create, event: 'import'},
  destroy: row({gather: gatherRemoval, plan: planDestroyOrDeport, event: 'destroy'}),
  deport: row({gather: gatherRemoval, plan: planDestroyOrDeport, event: 'deport'}),
  enable: row({gather: gatherManner, plan: planSwitch, event: 'enable'}),
  disable: row({gather: gatherManner, plan: planSwitch, event: 'disable'}),
  assign: row({gather: nothing, plan: planAssign, event: 'assign'}),
  set,
  edit: row({gather: gatherEdit, plan: planEdit, event: 'set'}),
  // Moving an instance in the start order is an assign to plugins.
  reorder: row({gather: nothing, plan: planReorder, event: 'assign'}),
  undo: row({gather: gatherUndo, plan: planUndo, event: 'assign'}),
  fix: row({
    gather: ({findings}: FixRequest, {list}, {check, primary}) =>
      check(
        findings.map(({rule}) => rule),
        primary,
        list,
      ),
    plan: planFix,
    event: 'set',
    subjects: ({request}) =>
      request.action === 'fix' ? [...new Set(request.findings.flatMap(({instances}) => instances))] : [],
  }),
}

function row<R extends Request, Facts>({gather, plan, ...about}: ActionRow<R, Facts>): PlannedAction {
  return {...about, plan: (request, host, sources) => plan(request as R, host, gather(request as R, host, sources))}
}

function nothing(): void {}

function gatherNewInstance(request: NewInstanceRequest, host: Host, {primary, passOn}: Sources): NewInstanceFacts {
  return readNewInstanceFacts(request, host, primary, passOn)
}

function gatherManner(_request: Request, _host: Host, {classic}: Sources): Pick<Sources, 'classic'> {
  return {classic}
}

function gatherRemoval(request: RemovalRequest, host: Host, {primary, gone}: Sources): RemovalFacts {
  return readRemovalFacts(findRemovalTarget(request, host), request.action, primary, gone)
}

function gatherEdit(request: EditRequest, host: Host, {primary, passOn}: Sources): EditFacts {
  const {config_directory} = findListed(request.target, host)
  const path = `${config_directory}/${request.file}`
  const facts = readFileFacts(path)
  const {mode} = facts
  return {
    ...facts,
    becomes: readBecoming(
      config_directory,
      [{do: 'write file', path, bytes: request.becomes, mode}],
      primary,
      () => {},
    ),
    listed: readUnlisted(newlyListed(request) ?? [], host, primary, passOn),
    ...readValueFacts(config_directory, primary),
  }
}

function gatherUndo({id}: UndoRequest, host: Host, {primary, passOn}: Sources): UndoFacts {
  const history = readHistory(stateDirectory)
  const [main, ...others] = findParts(findPast(history, id), history.changes)
  const whole = (past: PastChange): WholeChange => readWholeChange(stateDirectory, past)
  const past = joinParts([whole(main), ...others.map(whole)])
  const target = findUndoneInstance(past, host)
  return {
    past,
    present: readPresent(past),
    ...(target === undefined ? {} : {removal: readRemovalFacts(target, 'destroy', primary)}),
    listed: readUnlisted(relistedBy(past.traces, host), host, primary, passOn),
  }
}
